// The steps of the wizard, as a person takes them.

import { expect, type Page } from "@playwright/test";

import { hydrated, visit } from "./page.ts";
import { test as base } from "./test.ts";
import { type Allowed, type Upstream } from "./upstream.ts";

/** The `test` of specs whose accounts sign in at the fake provider. */
export const test = base.extend({
  serve: async ({ upstream }, use) => {
    await use({ words: [], environment: upstream.settings });
  },
});

/** Goes to the third step for an account of that name; `before` fills in more of the second. */
export async function authorise(
  page: Page,
  kind: string,
  name: string,
  before: () => Promise<void> = async () => {},
): Promise<void> {
  await visit(page, "/web/accounts/new");
  await page.getByRole("link", { name: kind }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await before();
  await page.getByRole("button", { name: "Go on to sign-in" }).click();
  await page.getByRole("heading", { name: "Let Switchyard use this account" }).waitFor();
  await hydrated(page);
}

/** Somebody opens the link of the page and allows access. */
export async function allow(page: Page, upstream: Upstream, account?: string): Promise<Allowed> {
  const link = await page.getByRole("link", { name: "Open sign-in page" }).getAttribute("href");
  if (link === null) throw new Error("there is no link to open");
  return upstream.allow(link, account);
}

/** Pastes a text and sends it. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.getByLabel("Paste what the page shows").fill(text);
  await page.getByRole("button", { name: "Check and save" }).click();
}

/** Fills in the fields of a proxy. */
export async function proxyFields(
  page: Page,
  proxy: { type: string; port: string; user?: string; password?: string },
): Promise<void> {
  await page.getByLabel("Type").selectOption(proxy.type);
  await page.getByLabel("Host", { exact: true }).fill("127.0.0.1");
  await page.getByLabel("Port").fill(proxy.port);
  if (proxy.user !== undefined) await page.getByLabel("User", { exact: true }).fill(proxy.user);
  if (proxy.password !== undefined) await page.getByLabel("Password", { exact: true }).fill(proxy.password);
}

/** Expects the last step. */
export async function ready(page: Page, name: string): Promise<void> {
  await expect(page.getByRole("heading", { name: `${name} is ready` })).toBeVisible();
}
