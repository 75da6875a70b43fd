// Accounts: added, tested with a real message, paused, deleted.

import { shoot, visit } from "../support/page.ts";
import { sandboxKey, signIn } from "../support/session.ts";
import { expect, test } from "../support/test.ts";

test("an account is added, tested, paused, resumed and deleted", async ({ page, switchyard, upstream }) => {
  test.slow();
  await sandboxKey(switchyard, "first-key");
  await signIn(page, switchyard);
  await page.getByRole("navigation").getByRole("link", { name: "Accounts" }).click();
  await page.getByRole("link", { name: "sandbox", exact: true }).waitFor();
  await shoot(page, "accounts");

  await page.getByRole("link", { name: "Add account" }).click();
  const panel = page.getByRole("dialog");
  await panel.getByLabel("Name").fill("api-team");
  await panel.getByLabel("Address").fill("ftp://x");
  await panel.getByRole("button", { name: "Add account" }).click();
  await expect(panel.getByText("This is needed.")).toBeVisible();
  await shoot(page, "account-new");
  await panel.getByLabel("API key", { exact: true }).fill("sk-ant-api03-good");
  await panel.getByLabel("Address").fill(upstream.url);
  await panel.getByRole("button", { name: "Add account" }).click();
  await panel.getByText("Sends a real message").waitFor();
  await panel.getByRole("button", { name: "Test" }).click();
  await expect(panel.getByText("Test passed")).toBeVisible();
  await shoot(page, "account-one");
  expect(await page.content(), "the secret is nowhere on the page").not.toContain("sk-ant-api03");
  await panel.getByRole("button", { name: "Pause" }).click();
  await panel.getByRole("button", { name: "Resume" }).waitFor();
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();

  const account = page.locator("li.account", { hasText: "api-team" });
  await account.getByRole("button", { name: "Resume" }).waitFor();
  await shoot(page, "accounts-paused");
  await page.getByRole("link", { name: "api-team", exact: true }).click();
  await panel.getByRole("link", { name: "Delete…" }).click();
  await panel.getByRole("button", { name: "Delete api-team" }).click();
  await expect(panel).toBeHidden();
  await expect(page.getByRole("link", { name: "api-team", exact: true })).toHaveCount(0);
});

test("a test of an account that cannot be reached names the step and the cause", async ({ page, switchyard }) => {
  const words = ["accounts", "add", "--kind", "claude-api-key", "--name", "lost"];
  await switchyard.command([...words, "--base-url", "http://127.0.0.1:9", "--secret-stdin"], "sk-ant-api03-good");
  await signIn(page, switchyard);
  await visit(page, "/web/accounts");

  await page.locator("li.account", { hasText: "lost" }).getByRole("button", { name: "Test" }).click();

  await expect(page.getByText("Test failed")).toBeVisible();
  await expect(page.getByText("Connection refused")).toBeVisible();
});
