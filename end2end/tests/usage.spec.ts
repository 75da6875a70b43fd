// The explorer: whatever is asked, the parts add up to the whole, and lead to what they are made of.

import { readFile } from "node:fs/promises";

import type { Page } from "@playwright/test";

import { shoot, visit } from "../support/page.ts";
import { call, signIn } from "../support/session.ts";
import type { Switchyard } from "../support/switchyard.ts";
import { expect, test } from "../support/test.ts";
import type { Upstream } from "../support/upstream.ts";

const REQUESTS = 2;
const TOKENS = 8;
const COST = 10;

/** Two accounts, one of which fails; two keys; calls for three models, one of them refused by the provider. */
async function busyHouse(switchyard: Switchyard, upstream: Upstream): Promise<void> {
  const add = ["accounts", "add", "--kind", "claude-api-key", "--base-url", upstream.url, "--secret-stdin"];
  await switchyard.command([...add, "--name", "south", "--priority", "1"], "sk-fake-529");
  await switchyard.command([...add, "--name", "north"], "sk-fake-ok");
  for (const [name, models] of [
    ["laptop", ["claude-haiku-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"]],
    ["ci", ["claude-opus-4-5", "claude-haiku-4-5"]],
  ] as const) {
    const made = await switchyard.command(["keys", "create", "--name", name, "--json"]);
    const { key } = JSON.parse(made) as { key: string };
    for (const model of models) await call(switchyard, key, model);
  }
}

/** The exact numbers of a column, of the rows that a selector names. */
async function column(page: Page, rows: string, place: number): Promise<number[]> {
  const cells = page.locator(`${rows} > :nth-child(${place})`);
  return cells.evaluateAll((all) =>
    all.map((cell) => {
      const exact = cell.querySelector("data")?.getAttribute("value");
      return Number(exact ?? (cell.textContent ?? "").replace(/[^0-9.]/g, ""));
    }),
  );
}

const sum = (numbers: number[]): number => numbers.reduce((all, one) => all + one, 0);

/** The requests, tokens and cost of the foot; expects that the rows add up to each of them. */
async function expectSums(page: Page): Promise<number[]> {
  const totals: number[] = [];
  for (const place of [REQUESTS, TOKENS, COST]) {
    const total = sum(await column(page, ".usage tfoot tr", place));
    expect(sum(await column(page, ".usage tbody tr", place))).toBeCloseTo(total, 6);
    totals.push(total);
  }
  return totals;
}

test("every split adds up to the same whole", async ({ page, switchyard, upstream }) => {
  test.slow();
  await busyHouse(switchyard, upstream);
  await signIn(page, switchyard);
  await page.keyboard.press("g");
  await page.keyboard.press("u");
  await page.getByRole("heading", { level: 1, name: "Usage" }).waitFor();
  await page.locator(".usage tbody tr").first().waitFor();

  const whole = await expectSums(page);
  expect(whole[0]).toBe(5);
  for (const by of ["Key", "Account", "Owner", "Outcome", "Day", "Hour", "Model"]) {
    await page.getByRole("group", { name: "Split by" }).getByRole("link", { name: by, exact: true }).click();
    await expect(page.getByRole("heading", { name: `By ${by.toLowerCase()}` })).toBeVisible();
    expect(await expectSums(page), by).toEqual(whole);
  }
  await shoot(page, "usage");
  const figures = await column(page, "#total .figure", 2);
  expect(figures[1], "the figures above are of the same whole").toBe(whole[0]);
  expect(figures[2]).toBe(whole[1]);
  expect(figures[0]).toBeCloseTo(whole[2] ?? -1, 9);
});

test("what is shown can be had as a file, which says the same", async ({ page, switchyard, upstream }) => {
  await busyHouse(switchyard, upstream);
  await signIn(page, switchyard);
  for (const [address, rows, total] of [
    ["/web/usage?by=key&range=24h", ".usage tbody tr", ".usage tfoot tr > :nth-child(10)"],
    ["/web/requests?range=24h", ".calls tbody tr", ".calls tfoot [data-label=Cost]"],
  ] as const) {
    await visit(page, address);
    const shown = await page.locator(rows).count();
    const cost = Number(await page.locator(`${total} data`).getAttribute("value"));
    for (const format of ["CSV", "JSON"]) {
      const coming = page.waitForEvent("download");
      await page.getByRole("link", { name: `Download as ${format}` }).click();
      const text = await readFile(await (await coming).path(), "utf8");
      const costs = format === "CSV" ? costsOfCsv(text) : costsOfJson(text);
      expect(costs.filter((one) => one !== null).length, `${address} ${format}`).toBeGreaterThanOrEqual(shown);
      expect(sum(costs.map(Number))).toBeCloseTo(cost, 9);
    }
  }
});

/** The column of costs. */
function costsOfCsv(text: string): (string | null)[] {
  const [head, ...lines] = text.trim().split("\r\n").map((line) => line.split(","));
  return lines.map((cells) => cells[head?.indexOf("cost") ?? -1] ?? null);
}

/** The same in dollars. */
function costsOfJson(text: string): (number | null)[] {
  type Row = { cost?: number; totals?: { cost: number } };
  const read = JSON.parse(text) as Row[] | { parts: Row[] };
  const rows = Array.isArray(read) ? read : read.parts;
  return rows.map((row) => (row.totals?.cost ?? row.cost ?? 0) / 1e9);
}

test("a part leads to the requests that make it up", async ({ page, switchyard, upstream }) => {
  await busyHouse(switchyard, upstream);
  await signIn(page, switchyard);
  await visit(page, "/web/usage?range=24h&by=key");

  await page.locator(".usage").getByRole("link", { name: "laptop" }).click();

  await page.getByRole("heading", { level: 1, name: "Requests" }).waitFor();
  await expect(page.locator(".calls tbody tr")).toHaveCount(3);
  await expect(page).toHaveURL(/range=24h&key=/);
});

test("a key's page shows its use and its requests, and leads to all of them", async ({ page, switchyard, upstream }) => {
  test.slow();
  await busyHouse(switchyard, upstream);
  await signIn(page, switchyard);
  await visit(page, "/web/keys");

  await page.getByRole("link", { name: "laptop", exact: true }).click();

  await expect(page.locator("#requests tbody tr")).toHaveCount(3);
  await expect(page.locator("#chart .legend")).toContainText("claude-sonnet-4-5");
  await shoot(page, "key-used");
  await page.locator("#requests").getByRole("link", { name: "Requests", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Requests" }).waitFor();
  await expect(page.locator(".calls tbody tr")).toHaveCount(3);
});

test("measures, days and filters are in the address, and work without WASM", async ({
  page,
  switchyard,
  upstream,
  browser,
}) => {
  test.slow();
  await busyHouse(switchyard, upstream);
  await signIn(page, switchyard);
  await visit(page, "/web/usage");

  await page.getByRole("group", { name: "Measure" }).getByRole("link", { name: "First byte" }).click();
  await expect(page).toHaveURL(/measure=first_byte/);
  await expect(page.getByRole("heading", { name: "First byte per day" })).toBeVisible();
  await page.getByText("Filter", { exact: true }).click();
  await page.getByLabel("Key", { exact: true }).selectOption({ label: "ci" });
  await expect(page.locator(".usage tfoot td").first()).toHaveText("2");
  await page.getByText("Custom", { exact: true }).click();
  const today = await page.getByLabel("To", { exact: true }).inputValue();
  await page.getByLabel("From", { exact: true }).fill(today);
  await page.getByLabel("From", { exact: true }).press("Enter");
  await expect(page).toHaveURL(new RegExp(`from=${today}&to=${today}`));
  await expect(page.getByRole("heading", { name: "First byte per hour" })).toBeVisible();
  await shoot(page, "usage-day");

  const address = page.url();
  const state = await page.context().storageState();
  const plain = await browser.newContext({ storageState: state, javaScriptEnabled: false, locale: "en-GB" });
  const bare = await plain.newPage();
  await bare.goto(address);
  await expect(bare.locator(".usage tfoot td").first()).toHaveText("2");
  await plain.close();
});

test("the chart is read out by keyboard and as a table, and its legend takes parts off", async ({
  page,
  switchyard,
  upstream,
}) => {
  await busyHouse(switchyard, upstream);
  await signIn(page, switchyard);
  await visit(page, "/web/usage?measure=requests");

  await page.locator(".slots").focus();
  await expect(page.locator(".readout")).toContainText("All5");
  await page.locator(".legend").getByRole("button", { name: /claude-haiku-4-5/ }).click();
  await page.locator(".slots").focus();
  await expect(page.locator(".readout")).toContainText("All2");
  await page.getByText("View as table").click();
  await expect(page.locator("details.behind tbody tr")).toHaveCount(1);
});

test("an empty house says so", async ({ page, switchyard }) => {
  await signIn(page, switchyard);
  await visit(page, "/web/usage");

  await expect(page.getByText("Nothing used")).toBeVisible();
  await shoot(page, "usage-empty");
  await visit(page, "/web/requests");
  await expect(page.getByText("No request fits")).toBeVisible();
});
