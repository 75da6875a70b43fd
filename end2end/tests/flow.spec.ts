// The whole way of a newcomer, in one browser: set-up, account, key, a real streamed request, the overview, sign-out.

import { hydrated, shoot, visit } from "../support/page.ts";
import { call, enter, NAME, PASSWORD } from "../support/session.ts";
import { expect, test } from "../support/test.ts";

test("a newcomer gets from the link to the first request and out again", async ({ page, switchyard, upstream }) => {
  test.slow();
  await page.goto(switchyard.setupLink);
  await hydrated(page);
  await expect(page, "the token stays in no address bar").not.toHaveURL(/token/);
  await page.getByLabel("Name").fill(NAME);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await expect(page.getByText("Strong")).toBeVisible();
  await shoot(page, "setup");
  await page.getByRole("button", { name: "Create administrator" }).click();
  await page.getByRole("heading", { name: "Three stops" }).waitFor();
  await shoot(page, "welcome");

  await page.getByLabel("Claude API key").check();
  const form = page.getByRole("main");
  await form.getByLabel("Name").fill("api-team");
  await form.getByLabel("API key", { exact: true }).fill("sk-ant-api03-good");
  await form.getByLabel("Address").fill(upstream.url);
  await page.getByRole("button", { name: "Add the account" }).click();
  await page.getByRole("button", { name: "Make the key" }).click();
  await page.getByText("Waiting for your first call").waitFor();
  await shoot(page, "welcome-call");
  const key = await page.locator(".secret > span").innerText();
  expect(key).toMatch(/^cr_[0-9a-f]{64}$/);

  expect(await call(switchyard, key)).toContain("event: message_stop");
  await page.getByRole("heading", { name: "It runs" }).waitFor();
  await shoot(page, "welcome-arrived");

  await page.getByRole("link", { name: "Go to the overview" }).click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  const recent = page.getByRole("table").filter({ hasText: "first-key" }).filter({ hasText: "Delivered" });
  await expect(recent.getByText("Delivered"), "the first call is listed").toHaveCount(1);
  await call(switchyard, key);
  await expect(recent.getByText("Delivered"), "the second call arrives without a reload").toHaveCount(2);
  await shoot(page, "overview");

  await page.getByRole("button", { name: "Sign out" }).first().click();
  await page.waitForURL(/sign-in/);
  await visit(page, "/web/keys");
  await expect(page).toHaveURL(/sign-in\?next/);
  await enter(page, PASSWORD);
  await page.getByRole("heading", { level: 1, name: "Keys" }).waitFor();
});

test("a set-up link works once, and a wrong one says so", async ({ page, switchyard, browser }) => {
  await page.goto(switchyard.setupLink.replace(/token=.*/, "token=0000"));
  await hydrated(page);
  await shoot(page, "setup-missing");
  await expect(page.getByRole("button", { name: "Create administrator" })).toHaveCount(0);

  await page.goto(switchyard.setupLink);
  await hydrated(page);
  await page.getByLabel("Name").fill(NAME);
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page.getByText("At least 10 characters.")).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create administrator" }).click();
  await page.getByRole("heading", { name: "Three stops" }).waitFor();

  const other = await browser.newPage({ baseURL: switchyard.url });
  await other.goto(switchyard.setupLink);
  await expect(other.getByRole("button", { name: "Create administrator" })).toHaveCount(0);
  await other.close();
});
