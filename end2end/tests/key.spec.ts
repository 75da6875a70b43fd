// Keys: made, shown once, found, renamed, disabled, deleted.

import { shoot, visit } from "../support/page.ts";
import { call, sandboxKey, signIn } from "../support/session.ts";
import { expect, test } from "../support/test.ts";

test("a key is made, shown once, renamed, disabled and deleted", async ({ page, switchyard }) => {
  test.slow();
  await sandboxKey(switchyard, "first-key");
  await signIn(page, switchyard);
  await page.getByRole("navigation").getByRole("link", { name: "Keys" }).click();
  await page.getByRole("link", { name: "first-key", exact: true }).waitFor();
  await shoot(page, "keys");

  await page.getByRole("link", { name: "New key" }).click();
  const panel = page.getByRole("dialog");
  await panel.getByLabel("Name").fill("  ");
  await panel.getByRole("button", { name: "Create key" }).click();
  await expect(panel.getByText("This is needed.")).toBeVisible();
  await shoot(page, "key-new");
  await panel.getByLabel("Name").fill("studio-laptop");
  await panel.getByRole("button", { name: "Create key" }).click();
  const secret = panel.locator(".secret > span");
  await expect(secret).toHaveText(/^cr_[0-9a-f]{64}$/);
  await shoot(page, "key-once");
  await panel.getByRole("link", { name: "I have it" }).click();
  await expect(panel).toBeHidden();

  await page.getByLabel("Find a key").fill("studio");
  await expect(page).toHaveURL(/q=studio/);
  await expect(page.getByRole("link", { name: "first-key", exact: true })).toHaveCount(0);
  await page.getByLabel("Find a key").fill("%");
  await expect(page.getByText("No key fits")).toBeVisible();
  await page.getByLabel("Find a key").fill("");

  await page.getByRole("link", { name: "studio-laptop", exact: true }).click();
  await panel.getByLabel("Rename").fill("studio-desktop");
  await panel.getByRole("button", { name: "Save" }).click();
  await panel.getByRole("heading", { name: "studio-desktop" }).waitFor();
  await panel.getByRole("button", { name: "Disable" }).click();
  await panel.getByRole("button", { name: "Enable" }).waitFor();
  await shoot(page, "key-one");
  await panel.getByRole("link", { name: "Delete…" }).click();
  await panel.getByText("Delete studio-desktop?").waitFor();
  await shoot(page, "key-delete");
  await panel.getByRole("button", { name: "Delete studio-desktop" }).click();
  await expect(panel).toBeHidden();
  await expect(page.getByRole("link", { name: "studio-desktop", exact: true })).toHaveCount(0);
});

test("a key disabled on the page is refused at once", async ({ page, switchyard }) => {
  const key = await sandboxKey(switchyard, "first-key");
  await signIn(page, switchyard);
  await visit(page, "/web/keys");
  await call(switchyard, key);

  await page.getByRole("link", { name: "first-key", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Enable" }).waitFor();

  await expect(call(switchyard, key)).rejects.toThrow("401");
});

test("markup in a name is text", async ({ page, switchyard }) => {
  const name = "<img src=x onerror=alert(1)>";
  await sandboxKey(switchyard, name);
  await signIn(page, switchyard);

  await visit(page, "/web/keys");

  await expect(page.getByRole("link", { name, exact: true })).toBeVisible();
});
