// Without WASM: every form still works, and shows its result.

import { expect, test } from "../support/test.ts";
import { NAME, PASSWORD } from "../support/session.ts";

test.use({ javaScriptEnabled: false });

test("all forms work without WASM, and a new key is still shown once", async ({ page, switchyard }) => {
  await page.goto(switchyard.setupLink);
  await page.getByLabel("Name").fill(NAME);
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page.getByText("At least 10 characters.")).toBeVisible();
  await expect(page.getByLabel("Name")).toHaveValue(NAME);
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create administrator" }).click();
  await page.getByRole("button", { name: "Add the account" }).click();
  await page.getByRole("button", { name: "Make the key" }).waitFor();

  await page.goto("/web/keys");
  await page.getByRole("link", { name: "New key" }).click();
  await page.getByLabel("Name").fill("studio");
  await page.getByRole("button", { name: "Create key" }).click();
  await expect(page.locator(".secret > span")).toHaveText(/^cr_[0-9a-f]{64}$/);
  await page.reload();
  await expect(page.locator(".secret > span")).toHaveCount(0);

  await page.goto("/web/accounts");
  await page.getByRole("button", { name: "Test" }).click();
  await expect(page.getByText("Test passed")).toBeVisible();

  await page.getByRole("button", { name: "Sign out" }).first().click();
  await expect(page).toHaveURL(/sign-in/);
  await page.getByLabel("Name").fill(NAME);
  await page.getByLabel("Password", { exact: true }).fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Name or password is not right.")).toBeVisible();
  await expect(page.getByLabel("Name")).toHaveValue(NAME);
});

test("keys are given limits, changed, made by the dozen and ended together without WASM", async ({ page, switchyard }) => {
  await switchyard.command(["admin", "create", "--username", NAME, "--password-stdin"], PASSWORD);
  await page.goto("/web/sign-in");
  await page.getByLabel("Name").fill(NAME);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();

  await page.goto("/web/keys?panel=new");
  const panel = page.locator("dialog[open]");
  await panel.getByLabel("Name").fill("seat");
  await panel.getByLabel("How many").fill("3");
  await panel.getByLabel("Gemini").uncheck();
  await panel.getByLabel("Tokens a day").fill("many");
  await panel.getByRole("button", { name: "Create key" }).click();
  await expect(panel.getByText(/^Between 0 and/)).toBeVisible();
  await expect(panel.getByLabel("Name")).toHaveValue("seat");
  await expect(panel.getByLabel("Gemini")).not.toBeChecked();
  await panel.getByLabel("Tokens a day").fill("500k");
  await panel.getByRole("button", { name: "Create key" }).click();
  await expect(panel.getByText("3 keys are made")).toBeVisible();

  await page.goto("/web/keys?q=seat&sort=name");
  await expect(page.locator("tbody tr")).toHaveCount(3);
  await page.getByRole("link", { name: "seat 1", exact: true }).click();
  await expect(page.getByText("of 500").first()).toBeVisible();
  await page.getByRole("link", { name: "Edit" }).first().click();
  await expect(panel.getByLabel("Tokens a day")).toHaveValue("500000");
  await panel.getByLabel("Owner").fill("Joan");
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(page.locator("dl.facts").getByText("Joan")).toBeVisible();
  await page.getByRole("button", { name: "Rotate" }).click();
  await expect(panel.locator(".secret > span")).toHaveText(/^cr_[0-9a-f]{64}$/);

  await page.goto("/web/keys?q=seat&sort=name");
  await page.getByLabel("Select seat 2").check();
  await page.getByLabel("Select seat 3").check();
  await page.getByRole("button", { name: "Disable" }).click();
  await page.goto("/web/keys?state=off&sort=name");
  await expect(page.locator("tbody tr")).toHaveCount(2);
  await page.getByLabel("Select seat 2").check();
  await page.locator(".bulk summary").click();
  await page.getByRole("button", { name: "Delete the selected keys" }).click();
  await page.goto("/web/keys");
  await expect(page.locator("tbody tr")).toHaveCount(2);
});
