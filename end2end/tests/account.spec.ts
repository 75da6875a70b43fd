// Accounts: added with a key, tested with a real message, changed, paused, deleted.

import { shoot, visit } from "../support/page.ts";
import { call, sandboxKey, signIn } from "../support/session.ts";
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

test("a limited account is switched from, shows its cooldown, and every choice is explained", async ({
  page,
  switchyard,
  upstream,
}) => {
  test.slow();
  const add = async (name: string, secret: string, priority: string) => {
    const words = ["accounts", "add", "--kind", "claude-api-key", "--name", name, "--priority", priority];
    await switchyard.command([...words, "--base-url", upstream.url, "--secret-stdin"], secret);
  };
  await add("first", "sk-fake-429-600", "1");
  await add("second", "sk-ant-api03-good", "2");
  const made = JSON.parse(await switchyard.command(["keys", "create", "--name", "studio", "--json"])) as { key: string };
  await signIn(page, switchyard);
  await call(switchyard, made.key);
  await call(switchyard, made.key);

  const recent = page.getByRole("table").filter({ hasText: "studio" });
  await recent.getByRole("row").filter({ hasText: "1 switch" }).getByRole("link").first().click();
  await page.getByRole("heading", { level: 1, name: "Request" }).waitFor();
  const why = page.getByRole("region", { name: "Why this account?" });
  await expect(why).toContainText("No other account could serve.");
  await expect(why).toContainText("has failed this very call");
  await expect(page.getByRole("region", { name: "Attempts" })).toContainText("next account");
  await shoot(page, "request");
  await page.getByRole("region", { name: "Attempts" }).getByRole("link", { name: "first" }).click();

  await page.getByRole("heading", { level: 1, name: "first" }).waitFor();
  await expect(page.getByText("Cooling", { exact: true }).first()).toBeVisible();
  const cooldowns = page.getByRole("region", { name: "Cooldowns" });
  await expect(cooldowns).toContainText("Limited, whole account");
  await shoot(page, "account-cooling");
  await cooldowns.getByRole("button", { name: "Clear the cooldown" }).click();
  await expect(cooldowns).toHaveCount(0);
  await expect(page.getByText("Able", { exact: true }).first()).toBeVisible();
});

test("accounts are grouped, a key is bound to the group, and the group is deleted after it", async ({
  page,
  switchyard,
  upstream,
}) => {
  test.slow();
  const words = ["accounts", "add", "--kind", "claude-api-key", "--name", "api-team", "--base-url", upstream.url];
  await switchyard.command([...words, "--secret-stdin"], "sk-ant-api03-good");
  await signIn(page, switchyard);
  await visit(page, "/web/accounts");

  await page.getByRole("link", { name: "New group" }).click();
  const panel = page.getByRole("dialog");
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(panel.getByText("This is needed.")).toBeVisible();
  await panel.getByLabel("Name").fill("team");
  await panel.getByLabel("api-team").check();
  await shoot(page, "group-new");
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(panel).toBeHidden();
  const groups = page.getByRole("region", { name: "Groups" });
  await expect(groups.getByRole("row").filter({ hasText: "team" })).toContainText("api-team");
  await shoot(page, "groups");

  await visit(page, "/web/keys?panel=new");
  await panel.getByLabel("Name").fill("studio");
  await panel.getByLabel("Served by").selectOption({ label: "Group team" });
  await panel.getByRole("button", { name: "Create key" }).click();
  const key = await panel.locator(".secret > span").innerText();
  await call(switchyard, key);
  await panel.getByRole("link", { name: "I have it" }).click();
  await expect(page.getByRole("row").filter({ hasText: "studio" })).toContainText("team");

  await visit(page, "/web/accounts");
  await groups.getByRole("link", { name: "team", exact: true }).click();
  await expect(panel.getByText("1 key is bound to it")).toBeVisible();
  await panel.getByLabel("Name").fill("house");
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(groups).toContainText("house");
});
