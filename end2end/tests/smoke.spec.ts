import { hydrated, visit } from "../support/page.ts";
import { expect, test } from "../support/test.ts";

test("a first start leads from its link to a page that is alive", async ({ page, switchyard }) => {
  await page.goto(switchyard.setupLink);

  await hydrated(page);
  await expect(page).toHaveTitle(/Switchyard/);
  await expect(page.getByRole("main")).toBeVisible();
});

test("a page that needs a session leads to the sign-in", async ({ page }) => {
  await visit(page, "/web");

  await expect(page).toHaveURL(/\/web\/(sign-in|setup)/);
});
