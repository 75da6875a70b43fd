// The wizard without WASM: each step is a form that the browser posts itself.

import { NAME, PASSWORD } from "../support/session.ts";
import { expect } from "../support/test.ts";
import { allow, paste, ready, test } from "../support/wizard.ts";

test.use({ javaScriptEnabled: false });

test("an account is added without WASM, and what was typed stays where something is wrong", async ({
  page,
  switchyard,
  upstream,
}) => {
  const { url } = await upstream.proxy({ kind: "http" });
  const { port } = new URL(url);
  await switchyard.command(["admin", "create", "--username", NAME, "--password-stdin"], PASSWORD);
  await page.goto("/web/sign-in");
  await page.getByLabel("Name").fill(NAME);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.goto("/web/accounts/new");
  await page.getByRole("link", { name: "Claude sign-in" }).click();

  await page.getByLabel("Name", { exact: true }).fill("max-north");
  await page.getByLabel("Type").selectOption("http");
  await page.getByLabel("Host", { exact: true }).fill("127.0.0.1");
  await page.getByRole("button", { name: "Go on to sign-in" }).click();
  await expect(page.getByText("This is needed.")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("max-north");
  await expect(page.getByLabel("Type")).toHaveValue("http");
  await page.getByLabel("Port").fill(port);
  await page.getByRole("button", { name: "Test proxy" }).click();
  await expect(page.getByText("Test passed")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true }), "a test changes nothing").toHaveValue("max-north");
  await expect(page.getByLabel("Port")).toHaveValue(port);
  await page.getByRole("button", { name: "Go on to sign-in" }).click();

  await paste(page, "");
  await expect(page.locator("#code-said")).toContainText("This is needed.");
  await paste(page, (await allow(page, upstream)).shown);

  await ready(page, "max-north");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "max-north" })).toBeVisible();
  await expect(page.getByText("Test passed")).toBeVisible();
  await page.getByLabel("Priority").fill("400");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Between 1 and 100.")).toBeVisible();
  await expect(page.getByLabel("Priority")).toHaveValue("400");
  await page.getByRole("button", { name: "Sign in again" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in again" })).toBeVisible();
  await paste(page, (await allow(page, upstream)).code);
  await ready(page, "max-north");
});
