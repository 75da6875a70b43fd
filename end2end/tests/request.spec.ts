// The list of requests and each request's own page: narrowed by the address, parts that add up, nothing that jumps.

import type { Page } from "@playwright/test";

import { shoot, visit } from "../support/page.ts";
import { call, signIn } from "../support/session.ts";
import type { Switchyard } from "../support/switchyard.ts";
import { expect, test } from "../support/test.ts";
import type { Upstream } from "../support/upstream.ts";

/** An account whose answers cost something, and two keys. */
async function house(switchyard: Switchyard, upstream: Upstream): Promise<{ laptop: string; ci: string }> {
  const add = ["accounts", "add", "--kind", "claude-api-key", "--name", "north", "--base-url", upstream.url];
  await switchyard.command([...add, "--secret-stdin"], "sk-fake-ok");
  return { laptop: await newKey(switchyard, "laptop"), ci: await newKey(switchyard, "ci") };
}

async function newKey(switchyard: Switchyard, name: string): Promise<string> {
  return (JSON.parse(await switchyard.command(["keys", "create", "--name", name, "--json"])) as { key: string }).key;
}

/** What cells of a column say exactly: the values behind the short figures. */
async function exact(page: Page, cells: string): Promise<number[]> {
  const values = await page.locator(`${cells} data`).evaluateAll((all) => all.map((one) => one.getAttribute("value")));
  return values.map(Number);
}

const sum = (numbers: number[]): number => numbers.reduce((all, one) => all + one, 0);

test("requests are listed, narrowed, searched, ordered and paged by the address", async ({
  page,
  switchyard,
  upstream,
}) => {
  test.slow();
  const { laptop, ci } = await house(switchyard, upstream);
  for (const model of ["claude-haiku-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"]) await call(switchyard, laptop, model);
  await call(switchyard, ci, "claude-opus-4-5");
  await expect(call(switchyard, "cr_no_key", "claude-opus-4-5")).rejects.toThrow("401");
  await signIn(page, switchyard);
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await page.getByRole("heading", { level: 1, name: "Requests" }).waitFor();
  const rows = page.locator(".calls tbody tr");
  await expect(rows).toHaveCount(4);

  const tokens = await exact(page, ".calls tbody td:nth-child(6)");
  expect(sum(tokens), "the rows add up to the sum below them").toBe(
    sum(await exact(page, ".calls tfoot [data-label=Tokens]")),
  );
  await expect(page.locator(".stats")).toContainText("Requests4");
  expect(sum(await exact(page, ".stats div:nth-child(3)")), "and to that of the whole list").toBe(sum(tokens));
  await shoot(page, "requests");

  await page.getByRole("link", { name: "ci", exact: true }).click();
  await expect(page).toHaveURL(/key=/);
  await expect(rows).toHaveCount(1);
  await page.getByRole("link", { name: "Remove the filter Key: ci" }).click();
  await expect(rows).toHaveCount(4);
  await page.getByText("Filter", { exact: true }).click();
  await page.getByLabel("Model").selectOption("claude-haiku-4-5");
  await expect(rows).toHaveCount(2);
  await visit(page, "/web/requests?q=opus");
  await expect(rows).toHaveCount(1);
  await page.getByLabel("Find a request").fill("nothing like it");
  await expect(page.getByText("No request fits")).toBeVisible();
  await page.getByRole("link", { name: "Show all" }).click();
  await expect(rows).toHaveCount(4);

  await page.getByRole("link", { name: "Tokens" }).click();
  await expect(page).toHaveURL(/sort=tokens/);
  const ordered = await exact(page, ".calls tbody td:nth-child(6)");
  expect(ordered).toEqual([...ordered].sort((one, other) => other - one));
  await page.getByRole("link", { name: "Rejected", exact: true }).or(page.getByRole("link", { name: "Refused" })).click();
  await expect(page.getByText("No request fits")).toBeVisible();
});

test("new requests are counted above and come when asked for", async ({ page, switchyard, upstream }) => {
  const { laptop } = await house(switchyard, upstream);
  await call(switchyard, laptop, "claude-haiku-4-5");
  await signIn(page, switchyard);
  await visit(page, "/web/requests");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const rows = page.locator(".calls tbody tr");
  await expect(rows).toHaveCount(1);

  await call(switchyard, laptop, "claude-sonnet-4-5");
  await page.getByRole("button", { name: "1 new" }).waitFor();
  await expect(rows, "nothing jumps").toHaveCount(1);
  await page.getByRole("button", { name: "1 new" }).click();

  await expect(rows).toHaveCount(2);
  await expect(page.getByRole("button", { name: "1 new" })).toHaveCount(0);
});

test("pages of a list follow one another and none is lost", async ({ page, switchyard, upstream }) => {
  test.slow();
  const { laptop } = await house(switchyard, upstream);
  for (let made = 0; made < 27; made += 1) await call(switchyard, laptop, "claude-haiku-4-5");
  await signIn(page, switchyard);
  await visit(page, "/web/requests?rows=25");
  const ids = () => page.locator(".calls tbody td:first-child a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  await expect(page.locator(".calls tbody tr")).toHaveCount(25);
  const first = await ids();

  await page.getByRole("link", { name: "Next" }).click();
  await expect(page.locator(".calls tbody tr")).toHaveCount(2);

  expect(new Set([...first, ...(await ids())]).size).toBe(27);
  await page.getByRole("link", { name: "Newest" }).click();
  await expect(page.locator(".calls tbody tr")).toHaveCount(25);
});

test("a request's page tells its attempts and how its cost came about", async ({ page, switchyard, upstream }) => {
  test.slow();
  const first = ["accounts", "add", "--kind", "claude-api-key", "--name", "south", "--priority", "1"];
  await switchyard.command([...first, "--base-url", upstream.url, "--secret-stdin"], "sk-fake-529");
  const { laptop } = await house(switchyard, upstream);
  await call(switchyard, laptop, "claude-sonnet-4-5");
  await signIn(page, switchyard);
  await visit(page, "/web/requests");
  await expect(page.getByText("1 switch")).toBeVisible();

  await page.locator(".calls tbody td:first-child a").click();
  await page.getByRole("heading", { name: "Usage and cost" }).waitFor();

  await expect(page.locator(".waterfall .yard")).toHaveCount(2);
  await expect(page.locator(".waterfall")).toContainText("529");
  const money = (text: string): number => Number(text.replace(/[^0-9.]/g, ""));
  const lines = await page.locator(".bill tbody tr td:nth-child(4)").allInnerTexts();
  const total = await page.locator(".bill tfoot td:nth-child(4)").innerText();
  expect(lines.length).toBeGreaterThan(1);
  expect(sum(lines.map(money))).toBeCloseTo(money(total), 9);
  const counts = await page.locator(".bill tbody tr td:nth-child(2)").allInnerTexts();
  const tokens = await page.locator(".bill tfoot td:nth-child(2)").innerText();
  expect(sum(counts.map(money))).toBe(money(tokens));
  await expect(page.getByText(/priced as/)).toBeVisible();
  await shoot(page, "request");
});

test.describe("without WASM", () => {
  test.use({ javaScriptEnabled: false });

  test("the list is narrowed by links and a form", async ({ page, switchyard, upstream }) => {
    const { laptop, ci } = await house(switchyard, upstream);
    await call(switchyard, laptop, "claude-haiku-4-5");
    await call(switchyard, ci, "claude-opus-4-5");
    await switchyard.command(["admin", "create", "--username", "admin", "--password-stdin"], "buffer stop plum 41");
    await page.goto("/web/sign-in?next=/web/requests");
    await page.getByLabel("Name").fill("admin");
    await page.getByLabel("Password", { exact: true }).fill("buffer stop plum 41");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.locator(".calls tbody tr")).toHaveCount(2);

    await page.getByText("Filter", { exact: true }).click();
    await page.getByLabel("Model").selectOption("claude-haiku-4-5");
    await page.getByRole("button", { name: "Apply" }).click();

    await expect(page.locator(".calls tbody tr")).toHaveCount(1);
    await page.getByRole("link", { name: "7 d" }).click();
    await expect(page).toHaveURL(/range=7d.*model=claude-haiku-4-5/);
  });
});
