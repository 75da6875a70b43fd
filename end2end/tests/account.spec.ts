// Accounts: added with a key, tested with a real message, changed, paused, deleted.

import { shoot, visit } from "../support/page.ts";
import { sandboxKey, signIn } from "../support/session.ts";
import { expect, test } from "../support/test.ts";

test("an account with a key is added, tested, paused, resumed and deleted", async ({ page, switchyard, upstream }) => {
  test.slow();
  await sandboxKey(switchyard, "first-key");
  await signIn(page, switchyard);
  await page.getByRole("navigation").getByRole("link", { name: "Accounts" }).click();
  await page.getByRole("link", { name: "sandbox", exact: true }).waitFor();
  await shoot(page, "accounts");

  await page.getByRole("link", { name: "Add account" }).click();
  await page.getByRole("link", { name: "Claude API key" }).click();
  await page.getByLabel("Name", { exact: true }).fill("api-team");
  await page.getByLabel("Address").fill("ftp://x");
  await page.getByRole("button", { name: "Add the account" }).click();
  await expect(page.getByText("not a usable http:// or https:// address")).toBeVisible();
  await page.getByLabel("Address").fill(upstream.url);
  await page.getByRole("button", { name: "Add the account" }).click();
  await expect(page.getByText("This is needed.")).toBeVisible();
  await shoot(page, "wizard-key");
  await page.getByLabel("API key", { exact: true }).fill("sk-ant-api03-good");
  await page.getByRole("button", { name: "Add the account" }).click();
  await page.getByRole("heading", { name: "api-team is ready" }).waitFor();
  await page.getByRole("link", { name: "See the account" }).click();
  await page.getByRole("heading", { level: 1, name: "api-team" }).waitFor();
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("Test passed")).toBeVisible();
  await shoot(page, "account-one");
  expect(await page.content(), "the secret is nowhere on the page").not.toContain("sk-ant-api03");
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Resume" }).first().waitFor();

  await page.getByRole("banner").getByRole("link", { name: "Accounts" }).click();
  const account = page.locator("li.account", { hasText: "api-team" });
  await account.getByRole("button", { name: "Resume" }).waitFor();
  await shoot(page, "accounts-paused");
  await account.getByRole("button", { name: "Resume" }).click();
  await account.getByRole("button", { name: "Test" }).waitFor();
  await page.getByRole("link", { name: "api-team", exact: true }).click();
  await page.getByRole("link", { name: "Delete…" }).click();
  await expect(page.getByText("Delete api-team?")).toBeVisible();
  await shoot(page, "account-delete");
  await page.getByRole("button", { name: "Delete api-team" }).click();
  await page.getByRole("heading", { level: 1, name: "Accounts" }).waitFor();
  await expect(page.getByRole("link", { name: "api-team", exact: true })).toHaveCount(0);
});

test("an account's settings are changed, and its key only written", async ({ page, switchyard, upstream }) => {
  const words = ["accounts", "add", "--kind", "claude-api-key", "--name", "api-team", "--base-url", upstream.url];
  await switchyard.command([...words, "--secret-stdin"], "sk-ant-api03-good");
  await signIn(page, switchyard);
  await visit(page, "/web/accounts");
  await page.getByRole("link", { name: "api-team", exact: true }).click();

  await page.getByLabel("Priority").fill("400");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Between 1 and 100.")).toBeVisible();
  await page.getByLabel("Priority").fill("7");
  await page.getByLabel("Streams at once").fill("3");
  await page.getByLabel("Name", { exact: true }).fill("api-two");
  await page.getByRole("button", { name: "Save" }).click();

  await expect(page.getByText("Saved")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "api-two" })).toBeVisible();
  await expect(page.getByText("priority 7, weight 1")).toBeVisible();
  await expect(page.getByText("of 3")).toBeVisible();
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("Test passed"), "with the key that was kept").toBeVisible();
});

test("a test of an account that cannot be reached names the step and the cause", async ({ page, switchyard }) => {
  const words = ["accounts", "add", "--kind", "claude-api-key", "--name", "lost"];
  await switchyard.command([...words, "--base-url", "http://127.0.0.1:9", "--secret-stdin"], "sk-ant-api03-good");
  await signIn(page, switchyard);
  await visit(page, "/web/accounts");

  await page.locator("li.account", { hasText: "lost" }).getByRole("button", { name: "Test" }).click();

  await expect(page.getByText("Test failed")).toBeVisible();
  await expect(page.getByText("Connection refused")).toBeVisible();
  await expect(page.getByText("not tried").first()).toBeVisible();
});

test("an account that is not there says so", async ({ page, switchyard }) => {
  await signIn(page, switchyard);

  await visit(page, "/web/accounts/no-such-account");

  await expect(page.getByText("This account does not exist any more.")).toBeVisible();
});
