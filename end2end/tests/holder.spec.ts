// The key holder's page: a key is pasted, and what is left of it is shown. The key goes nowhere but into the body.

import type { Page } from "@playwright/test";

import { shoot, visit } from "../support/page.ts";
import { call } from "../support/session.ts";
import type { Switchyard } from "../support/switchyard.ts";
import { expect, test } from "../support/test.ts";
import type { Upstream } from "../support/upstream.ts";

const UNKNOWN = `cr_${"0".repeat(64)}`;

test.use({
  serve: {
    words: [],
    environment: { SWITCHYARD_LIMITS_KEY: "cost 5/day, tokens 100k/month, requests 300/60m, concurrency 6" },
  },
});

/** A key with limits, for an account at the fake provider, whose answers cost something. */
async function limitedKey(switchyard: Switchyard, upstream: Upstream): Promise<string> {
  const add = ["accounts", "add", "--kind", "claude-api-key", "--name", "north", "--base-url", upstream.url];
  await switchyard.command([...add, "--secret-stdin"], "sk-fake-ok");
  const made = await switchyard.command(["keys", "create", "--name", "studio-laptop", "--json"]);
  return (JSON.parse(made) as { key: string }).key;
}

/** Pastes a key and sends the form. */
async function paste(page: Page, key: string): Promise<void> {
  await page.getByLabel("Key", { exact: true }).fill(key);
  await page.getByRole("button", { name: "Show what is left" }).click();
}

/** The numbers in the cells of a row, by column. */
async function numbers(page: Page, row: string): Promise<number[]> {
  const cells = await page.locator(row).locator("td").allInnerTexts();
  return cells.map((cell) => Number(cell.replace(/[^0-9.]/g, "")));
}

test("a holder sees what is left, and parts that add up", async ({ page, switchyard, upstream, context }) => {
  test.slow();
  const key = await limitedKey(switchyard, upstream);
  for (const model of ["claude-haiku-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"]) await call(switchyard, key, model);
  await visit(page, "/key");
  await shoot(page, "holder");

  await paste(page, key);

  await expect(page.getByRole("heading", { name: "studio-laptop" })).toBeVisible();
  await expect(page.locator(".limit").filter({ hasText: "Requests in 60" })).toContainText("3 of 300");
  await expect(page.getByRole("meter")).toHaveCount(4);
  const rows = page.locator("#models tbody tr");
  await expect(rows).toHaveCount(2);
  const parts = [await numbers(page, "#models tbody tr >> nth=0"), await numbers(page, "#models tbody tr >> nth=1")];
  const sum = await numbers(page, "#models tfoot tr");
  expect(sum[0]).toBe(3);
  for (const column of [0, 1, 2]) {
    expect((parts[0]?.[column] ?? 0) + (parts[1]?.[column] ?? 0)).toBeCloseTo(sum[column] ?? -1, 3);
  }
  await shoot(page, "holder-open");

  expect(page.url()).not.toContain("cr_");
  expect(JSON.stringify(await context.storageState())).not.toContain(key);
  expect(switchyard.output).not.toContain(key);
  expect(await page.content(), "only its beginning is on the page").not.toContain(key);
  await page.reload();
  await expect(page.getByLabel("Key", { exact: true })).toHaveValue("");
});

test("figures go on by themselves, and are gone when the key is forgotten", async ({ page, switchyard, upstream }) => {
  await page.clock.install();
  const key = await limitedKey(switchyard, upstream);
  await visit(page, "/key");
  await paste(page, key);
  await expect(page.locator(".limit").filter({ hasText: "Requests in 60" })).toContainText("0 of 300");

  await call(switchyard, key, "claude-haiku-4-5");
  await page.clock.runFor(16_000);

  await expect(page.locator(".limit").filter({ hasText: "Requests in 60" })).toContainText("1 of 300");
  await page.getByRole("link", { name: "Forget the key" }).click();
  await expect(page.getByLabel("Key", { exact: true })).toHaveValue("");
  await expect(page.getByText("studio-laptop")).toHaveCount(0);
});

test("a wrong key is told at the field, and many of them must wait", async ({ page, switchyard, upstream }) => {
  const key = await limitedKey(switchyard, upstream);
  await visit(page, "/key");

  await paste(page, "sk-ant-something");
  await expect(page.getByText("This is not a key")).toBeVisible();
  await expect(page.getByLabel("Key", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await shoot(page, "holder-wrong");
  await paste(page, UNKNOWN);
  await expect(page.getByText("This key is not known here.")).toBeVisible();
  for (let tries = 0; tries < 3; tries += 1) {
    await page.getByLabel("Key", { exact: true }).fill(UNKNOWN);
    await page.getByRole("button", { name: "Show what is left" }).click();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  }
  await expect(page.getByText("Too many tries.")).toBeVisible();

  await switchyard.command(["keys", "disable", "studio-laptop"]);
  await expect(async () => {
    await paste(page, key);
    await expect(page.getByText("This key is disabled.")).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
});

test.describe("without WASM", () => {
  test.use({ javaScriptEnabled: false });

  test("the page works as a form", async ({ page, switchyard, upstream }) => {
    const key = await limitedKey(switchyard, upstream);
    await page.goto("/web/sign-in");
    await page.goto("/key");
    await paste(page, UNKNOWN);
    await expect(page.getByText("This key is not known here.")).toBeVisible();

    await paste(page, key);

    await expect(page.getByRole("heading", { name: "studio-laptop" })).toBeVisible();
    await expect(page).toHaveURL(/\/key$/);
    await page.getByRole("link", { name: "Forget the key" }).click();
    await expect(page.getByLabel("Key", { exact: true })).toBeVisible();
  });
});
