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
