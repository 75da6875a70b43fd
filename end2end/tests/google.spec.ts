// The wizard with Google: sign-in, onboarding at Code Assist, and the projects that it may want.

import { shoot } from "../support/page.ts";
import { signIn } from "../support/session.ts";
import { expect } from "../support/test.ts";
import { allow, authorise, paste, ready, test } from "../support/wizard.ts";

const GOOGLE = "Google sign-in";

test("a Google account is added, and its project is found", async ({ page, switchyard, upstream }) => {
  await signIn(page, switchyard);
  await authorise(page, GOOGLE, "assist");

  await paste(page, (await allow(page, upstream)).code);

  await ready(page, "assist");
  const facts = page.getByRole("main").locator("dl.facts");
  await expect(facts).toContainText("Google sign-in");
  await expect(facts).toContainText("Project");
  await expect(facts).toContainText("google@");
  await shoot(page, "wizard-google");
});

test("an account that is new to Code Assist is onboarded", async ({ page, switchyard, upstream }) => {
  await upstream.set("/_accounts", { name: "newcomer", provider: "google", assist: "needs_onboarding", polls: 1 });
  await signIn(page, switchyard);
  await authorise(page, GOOGLE, "assist");

  await paste(page, (await allow(page, upstream, "newcomer")).address);

  await expect(page.getByRole("heading", { name: "assist is ready" })).toBeVisible({ timeout: 30_000 });
});

test("an account that needs a project of its own asks for it, and for no other code", async ({
  page,
  switchyard,
  upstream,
}) => {
  const own = "my-project-123456";
  await upstream.set("/_accounts", { name: "worker", provider: "google", assist: "needs_own_project", project: own });
  await signIn(page, switchyard);
  await authorise(page, GOOGLE, "assist");

  await paste(page, (await allow(page, upstream, "worker")).code);
  const project = page.getByLabel("Google Cloud project");
  await expect(page.locator("#project-said")).toContainText("needs a Google Cloud project of its own");
  await expect(page.getByText("The code was good.")).toBeVisible();
  await shoot(page, "wizard-project");
  await page.reload();
  await project.fill("123456");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.locator("#project-said")).toContainText("characters");
  await project.fill(own);
  await page.getByRole("button", { name: "Try again" }).click();

  await ready(page, "assist");
  await expect(page.getByRole("main").locator("dl.facts")).toContainText(own);
});

test("an account that Google wants verified first says where", async ({ page, switchyard, upstream }) => {
  const where = "https://accounts.google.com/verify";
  await upstream.set("/_accounts", {
    name: "unknown",
    provider: "google",
    assist: "validation_required",
    validation_url: where,
  });
  await signIn(page, switchyard);
  await authorise(page, GOOGLE, "assist");

  await paste(page, (await allow(page, upstream, "unknown")).code);

  await expect(page.getByRole("link", { name: "Open Google’s page" })).toHaveAttribute("href", where);
  await shoot(page, "wizard-verify");
});
