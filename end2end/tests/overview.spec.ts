// The overview: it moves by itself, says when it cannot, speaks both languages, and needs no WASM for the choices.

import { hydrated, shoot, visit } from "../support/page.ts";
import { call, sandboxKey, signIn } from "../support/session.ts";
import { expect, test } from "../support/test.ts";

test("the overview of an empty house says what to do next", async ({ page, switchyard }) => {
  await signIn(page, switchyard);

  await shoot(page, "overview-empty");

  await expect(page.getByRole("main").getByRole("link", { name: /account/i }).first()).toBeVisible();
});

test("figures move without a reload, and a lost connection is told and made up for", async ({
  page,
  switchyard,
  problems,
}) => {
  problems.allow(/live|ERR_|fetch/);
  const key = await sandboxKey(switchyard, "first-key");
  await signIn(page, switchyard);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await call(switchyard, key);
  await expect(page.getByText("Delivered")).toHaveCount(1);

  await switchyard.restart();
  await call(switchyard, key);

  await expect(page.getByText("Delivered"), "what was missed is caught up").toHaveCount(2, { timeout: 20_000 });
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
});

test("language and theme are chosen without a flash, with and without WASM", async ({ page, switchyard, browser }) => {
  await signIn(page, switchyard);
  await page.getByRole("button", { name: "中" }).first().click();
  await expect(page.locator("html")).toHaveAttribute("lang", /zh/);
  await page.reload();
  await hydrated(page);
  await expect(page.locator("html")).toHaveAttribute("lang", /zh/);
  await shoot(page, "overview-zh");

  const plain = await browser.newContext({ baseURL: switchyard.url, javaScriptEnabled: false, locale: "en-GB" });
  const bare = await plain.newPage();
  await bare.goto("/web/sign-in");
  await bare.getByRole("button", { name: /dark/i }).first().click();
  await expect(bare.locator("html")).toHaveAttribute("data-theme", "dark");
  await plain.close();
});

test("every room has a title, and what is not there says so", async ({ page, switchyard, problems }) => {
  problems.allow(/404/);
  await signIn(page, switchyard);
  for (const room of ["/web", "/web/requests", "/web/usage", "/web/keys", "/web/accounts", "/key"]) {
    await visit(page, room);
    await expect(page).toHaveTitle(/Switchyard/);
  }
  const answer = await page.goto("/web/nowhere");
  expect(answer?.status()).toBe(404);
  await hydrated(page);
  await shoot(page, "not-found");
});
