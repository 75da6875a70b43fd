// Keys: made with limits, shown once, found, changed, given another text, disabled, deleted; one by one and many at once.

import { readFile } from "node:fs/promises";

import { hydrated, shoot, visit } from "../support/page.ts";
import { call, sandboxKey, signIn } from "../support/session.ts";
import { expect, test } from "../support/test.ts";

test("a key is made with limits, shown once, changed, disabled and deleted", async ({ page, switchyard }) => {
  test.slow();
  await sandboxKey(switchyard, "first-key");
  await signIn(page, switchyard);
  await page.getByRole("navigation").getByRole("link", { name: "Keys" }).click();
  await page.getByRole("link", { name: "first-key", exact: true }).waitFor();

  await page.getByRole("link", { name: "New key" }).click();
  const panel = page.getByRole("dialog");
  await panel.getByLabel("Name").fill("  ");
  await panel.getByRole("button", { name: "Create key" }).click();
  await expect(panel.getByText("This is needed.")).toBeVisible();
  await panel.getByLabel("Name").fill("studio-laptop");
  await panel.getByLabel("Owner").fill("Design team");
  await panel.getByLabel("Tags").fill("Daily, studio");
  await panel.getByLabel("Models", { exact: true }).fill("claude-*");
  await panel.getByLabel("Cost a day, US$").fill("much");
  await panel.getByLabel("Tokens a month").fill("1.5M");
  await panel.getByRole("button", { name: "Create key" }).click();
  await expect(panel.getByText("A price in dollars, such as 2.5.")).toHaveCount(0);
  await expect(panel.getByText(/^Between 0 and/)).toBeVisible();
  await panel.getByLabel("Tokens a month").fill("1500k");
  await panel.getByRole("button", { name: "Create key" }).click();
  await expect(panel.getByText("A price in dollars, such as 2.5.")).toBeVisible();
  await shoot(page, "key-new");
  await panel.getByLabel("Cost a day, US$").fill("25");
  await panel.getByLabel("Other limits, one a line").fill("cost 5/month opus");
  await panel.getByLabel("Calls at once").fill("4");
  await panel.getByRole("button", { name: "Create key" }).click();
  const secret = panel.locator(".secret > span");
  await expect(secret).toHaveText(/^cr_[0-9a-f]{64}$/);
  await shoot(page, "key-once");
  await panel.getByRole("link", { name: "I have it" }).click();
  await expect(panel).toBeHidden();

  await page.getByRole("link", { name: "studio-laptop", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "studio-laptop" }).waitFor();
  for (const words of ["Cost today", "of $25.00", "Tokens this month", "· opus", "Calls at once", "Design team", "daily, studio"]) {
    await expect(page.getByText(words).first()).toBeVisible();
  }
  await shoot(page, "key-one");

  await page.getByRole("link", { name: "Edit" }).first().click();
  await expect(panel.getByLabel("Cost a day, US$")).toHaveValue("25.00");
  await expect(panel.getByLabel("Other limits, one a line")).toHaveValue("cost 5.00/month opus");
  await panel.getByLabel("Name").fill("studio-desktop");
  await panel.getByLabel("Cost a day, US$").fill("30");
  await shoot(page, "key-edit");
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(panel).toBeHidden();
  await page.getByRole("heading", { level: 1, name: "studio-desktop" }).waitFor();
  await expect(page.getByText("of $30.00").first()).toBeVisible();

  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByRole("button", { name: "Enable" }).waitFor();
  await page.getByRole("link", { name: "Delete…" }).click();
  await page.getByText("Delete studio-desktop?").waitFor();
  await shoot(page, "key-delete");
  await page.getByRole("button", { name: "Delete studio-desktop" }).click();
  await expect(page).toHaveURL(/\/web\/keys$/);
  await page.getByRole("link", { name: "first-key", exact: true }).waitFor();
  await expect(page.getByRole("link", { name: "studio-desktop", exact: true })).toHaveCount(0);
});

test("a list is searched, narrowed and put in order by its address", async ({ page, switchyard }) => {
  test.slow();
  const key = await sandboxKey(switchyard, "first-key");
  const limits = ["--limit", "requests 1/day", "--limit", "tokens 100k/day"];
  await switchyard.command(["keys", "update", "first-key", ...limits, "--owner", "Joan", "--tag", "team a"]);
  await switchyard.command(["keys", "create", "--name", "spare", "--count", "60", "--tag", "spare", "--json"]);
  await switchyard.command(["keys", "create", "--name", "near", "--limit", "tokens 0/total", "--owner", "Ann"]);
  await call(switchyard, key);
  await signIn(page, switchyard);

  await visit(page, "/web/keys?sort=cost");
  await expect(page.getByText("1 to 50 of 62")).toBeVisible();
  await expect(page.getByRole("link", { name: "Refusing 2" })).toBeVisible();
  await shoot(page, "keys");
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page.getByText("51 to 62 of 62")).toBeVisible();
  await page.getByRole("columnheader", { name: "Key" }).getByRole("link").click();
  await expect(page).toHaveURL(/sort=name/);
  await expect(page.locator("tbody th a").first()).toHaveText("first-key");

  await page.getByLabel("Find a key").fill("joan");
  await expect(page).toHaveURL(/q=joan/);
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await page.getByLabel("Find a key").fill("%");
  await expect(page.getByText("No key fits")).toBeVisible();
  await page.getByLabel("Find a key").fill("");
  await page.getByLabel("All tags").selectOption("team a");
  await expect(page).toHaveURL(/tag=team%20a/);
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await page.reload();
  await hydrated(page);
  await expect(page.getByLabel("All tags")).toHaveValue("team a");
  await expect(page.getByRole("meter", { name: /first-key: 1 of 1 a day/ })).toHaveAttribute("aria-valuenow", "100");
});

test("many keys are made at once, and several are changed together", async ({ page, switchyard }) => {
  test.slow();
  await sandboxKey(switchyard, "first-key");
  await signIn(page, switchyard);
  await visit(page, "/web/keys?panel=new");
  const panel = page.getByRole("dialog");
  await panel.getByLabel("Name").fill("seat");
  await panel.getByLabel("How many").fill("3");
  await panel.getByRole("button", { name: "Create key" }).click();
  await panel.getByText("3 keys are made").waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    panel.getByRole("link", { name: "Download as CSV" }).click(),
  ]);
  const table = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
  expect(table.length).toBe(4);
  expect(table[1]).toMatch(/^"seat 1",".+","cr_[0-9a-f]{64}"$/);
  await panel.getByText("Show the keys").click();
  await shoot(page, "keys-made");
  await panel.getByRole("link", { name: "I have it" }).click();

  await page.getByLabel("Find a key").fill("seat");
  await expect(page.locator("tbody tr")).toHaveCount(3);
  await page.getByLabel("Select all that are shown").check();
  await page.getByLabel("Select seat 2").uncheck();
  await expect(page.getByText("2 selected")).toBeVisible();
  await shoot(page, "keys-selected");
  await page.getByRole("button", { name: "Disable" }).click();
  await expect(page.locator("tbody").getByText("Disabled")).toHaveCount(2);
  await page.getByLabel("Select seat 2").check();
  await page.locator(".bulk summary").click();
  await page.getByRole("button", { name: "Delete 1 key" }).click();
  await expect(page.locator("tbody tr")).toHaveCount(2);
});

test("a key gets another text, shown once, while the former one is taken for a while", async ({ page, switchyard }) => {
  const former = await sandboxKey(switchyard, "first-key");
  await signIn(page, switchyard);
  await visit(page, "/web/keys");
  await page.getByRole("link", { name: "first-key", exact: true }).click();
  await page.getByLabel("Time of grace").selectOption("1 hour of grace");
  await page.getByRole("button", { name: "Rotate" }).click();
  const secret = page.getByRole("dialog").locator(".secret > span");
  await expect(secret).toHaveText(/^cr_[0-9a-f]{64}$/);
  const text = await secret.innerText();
  await page.getByRole("dialog").getByRole("link", { name: "I have it" }).click();

  await expect(page.getByText(/former text until/)).toBeVisible();
  await call(switchyard, former);
  await call(switchyard, text);
  await page.goBack();
  await expect(page.locator(".secret")).toHaveCount(0);
});

test("a key disabled on the page is refused at once", async ({ page, switchyard }) => {
  const key = await sandboxKey(switchyard, "first-key");
  await signIn(page, switchyard);
  await visit(page, "/web/keys");
  await call(switchyard, key);

  await page.getByRole("link", { name: "first-key", exact: true }).click();
  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByRole("button", { name: "Enable" }).waitFor();

  await expect(call(switchyard, key)).rejects.toThrow("401");
});

test("markup in a name is text", async ({ page, switchyard }) => {
  const name = "<img src=x onerror=alert(1)>";
  await sandboxKey(switchyard, name);
  await signIn(page, switchyard);

  await visit(page, "/web/keys");

  await expect(page.getByRole("link", { name, exact: true })).toBeVisible();
});
