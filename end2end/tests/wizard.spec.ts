// The wizard with Claude: every form of the code, every way in which a sign-in can fail, and how it goes on from there.

import { hydrated, shoot, visit } from "../support/page.ts";
import { enter, PASSWORD, signIn } from "../support/session.ts";
import { expect, test as base } from "../support/test.ts";
import { type Allowed } from "../support/upstream.ts";
import { allow, authorise, paste, proxyFields, ready, test } from "../support/wizard.ts";

const CLAUDE = "Claude sign-in";

const FORMS: [string, (allowed: Allowed) => string][] = [
  ["the code alone", (allowed) => allowed.code],
  ["code#state", (allowed) => `  ${allowed.shown}\n`],
  ["the whole address", (allowed) => allowed.address],
];

for (const [what, pasted] of FORMS) {
  test(`a Claude account is added with ${what}`, async ({ page, switchyard, upstream }) => {
    await signIn(page, switchyard);
    await authorise(page, CLAUDE, "max-north");

    await paste(page, pasted(await allow(page, upstream)));

    await ready(page, "max-north");
    const facts = page.getByRole("main").locator("dl.facts");
    await expect(facts).toContainText("Max 20x");
    await expect(facts).toContainText("claude@");
    await page.getByRole("button", { name: "Test", exact: true }).click();
    await expect(page.getByText("Test passed")).toBeVisible();
    await page.getByRole("link", { name: "Make a key for it" }).click();
    await expect(page.getByRole("dialog").getByLabel("Served by").locator("option:checked")).toHaveText("max-north");
  });
}

test("the provider's page opens in a tab of its own, and all steps look as they should", async ({
  page,
  switchyard,
  upstream,
  problems,
}) => {
  test.slow();
  const hours = (count: number) => Math.floor(Date.now() / 1000) + count * 3600;
  await upstream.set("/_accounts", {
    name: "claude",
    windows: [
      { name: "5h", utilization: 0.42, resets_at: hours(1) },
      { name: "7d", utilization: 0.78, resets_at: hours(60) },
    ],
  });
  // The fake provider's page is no page of ours.
  problems.allow(/favicon|oauth\/authorize/);
  await signIn(page, switchyard);
  await page.getByRole("navigation").getByRole("link", { name: "Accounts" }).click();
  await page.getByRole("link", { name: "Add account" }).first().click();
  await page.getByRole("heading", { name: "What kind of account?" }).waitFor();
  await shoot(page, "wizard-kind");
  await page.getByRole("link", { name: CLAUDE }).click();
  await page.getByLabel("Name", { exact: true }).fill("max-north");
  await page.getByLabel("Note").fill("Desk in the small room");
  await page.getByLabel("Type").selectOption("socks5");
  await page.getByRole("button", { name: "Go on to sign-in" }).click();
  await expect(page.getByText("This is needed.").first()).toBeVisible();
  await shoot(page, "wizard-settings");
  await page.getByLabel("Type").selectOption("");
  await page.getByRole("button", { name: "Go on to sign-in" }).click();
  await page.getByRole("heading", { name: "Let Switchyard use this account" }).waitFor();
  await shoot(page, "wizard-authorise");

  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "Open sign-in page" }).click();
  const provider = await opened;
  const code = await provider.locator("#code").innerText();
  await provider.close();
  await paste(page, code);

  await ready(page, "max-north");
  await expect(page.getByRole("meter", { name: "5 h window" })).toHaveAttribute("aria-valuenow", "42");
  await shoot(page, "wizard-done");
  await page.getByRole("link", { name: "See the account" }).click();
  await page.getByRole("heading", { level: 1, name: "max-north" }).waitFor();
  await expect(page.getByText("Desk in the small room").first()).toBeVisible();
  await shoot(page, "account-signed-in");
  await page.getByRole("banner").getByRole("link", { name: "Accounts" }).click();
  await expect(page.getByText(/runs out/).first()).toBeVisible();
  await shoot(page, "accounts-windows");
  await page.getByRole("button", { name: "中" }).first().click();
  await page.getByRole("heading", { level: 1, name: "账号" }).waitFor();
  await hydrated(page);
  await shoot(page, "accounts-zh");
  await page.getByRole("link", { name: "max-north", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "max-north" }).waitFor();
  await shoot(page, "account-zh");
  await visit(page, "/web/accounts/new?kind=gemini_oauth");
  await shoot(page, "wizard-settings-zh");
  await visit(page, "/web/accounts/new");
  await shoot(page, "wizard-kind-zh");
});

test("a code of another attempt, a used one and none at all say what they are, and nothing is lost", async ({
  page,
  switchyard,
  upstream,
}) => {
  await signIn(page, switchyard);
  await authorise(page, CLAUDE, "first");
  const others = await allow(page, upstream);
  await authorise(page, CLAUDE, "max-north");
  const said = page.locator("#code-said");

  await paste(page, "");
  await expect(said).toContainText("This is needed.");
  await paste(page, others.shown);
  await expect(said).toContainText("belongs to another sign-in");
  await expect(page.getByLabel("Paste what the page shows")).toHaveValue(others.shown);
  await shoot(page, "wizard-other-code");
  const link = (await page.getByRole("link", { name: "Open sign-in page" }).getAttribute("href")) ?? "";
  await paste(page, link);
  await expect(said).toContainText("This is the address to open");
  await paste(page, "https://platform.claude.com/oauth/code/callback?error=access_denied");
  await expect(said).toContainText("Access was not allowed");
  const allowed = await allow(page, upstream);
  await upstream.set("/_clock", { advance_seconds: 700 });
  await paste(page, allowed.shown);
  await expect(said).toContainText("does not take this code");

  const finished = page.url();
  const good = await allow(page, upstream);
  await paste(page, good.shown);
  await ready(page, "max-north");
  await authorise(page, CLAUDE, "max-south");
  await paste(page, good.code);
  await expect(said, "a code is good once").toContainText("does not take this code");
  await visit(page, finished);
  await expect(page.getByText("This sign-in is over")).toBeVisible();
  await expect(page.getByRole("link", { name: "From the start" })).toBeVisible();
});

test("a provider that cannot be asked is named, and the same code is good a moment later", async ({
  page,
  switchyard,
  upstream,
}) => {
  await upstream.set("/_script", { token: "*", endpoint: "claude_token", words: "503*4,ok" });
  await signIn(page, switchyard);
  await authorise(page, CLAUDE, "max-north");
  const { shown } = await allow(page, upstream);

  await paste(page, shown);
  await expect(page.getByText("The provider could not be asked")).toBeVisible();
  await shoot(page, "wizard-unreachable");

  await upstream.set("/_script", { token: "*", endpoint: "claude_token", words: "ok" });
  await page.getByRole("button", { name: "Check and save" }).click();
  await ready(page, "max-north");
});

test("a proxy is tested step by step, and its failures name their cause", async ({ page, switchyard, upstream }) => {
  test.slow();
  const { id, url } = await upstream.proxy({ kind: "socks5", user: "u", password: "w" });
  const { port } = new URL(url);
  await signIn(page, switchyard);
  const tried = async () => {
    await page.getByRole("button", { name: "Test proxy" }).click();
    await page.getByRole("button", { name: "Test proxy" }).waitFor();
  };
  await authorise(page, CLAUDE, "max-north", async () => {
    await proxyFields(page, { type: "socks5", port: "9" });
    await tried();
    await expect(page.getByText("Test failed")).toBeVisible();
    await expect(page.getByText(/cannot be reached.*Connection refused/)).toBeVisible();
    await expect(page.getByText("not tried")).toBeVisible();
    await proxyFields(page, { type: "socks5", port, user: "u", password: "wrong" });
    await tried();
    await expect(page.getByText(/password/i).filter({ hasText: "127.0.0.1" })).toBeVisible();
    await proxyFields(page, { type: "socks5", port, user: "u", password: "w" });
    await tried();
    await expect(page.getByText("Test passed")).toBeVisible();
    await shoot(page, "wizard-proxy");
  });

  await upstream.set(`/_proxies/${id}`, { fault: "refuse_connect", cut: true });
  const { shown } = await allow(page, upstream);
  await paste(page, shown);
  await expect(page.getByText("The proxy failed")).toBeVisible();
  await shoot(page, "wizard-proxy-down");

  await page.getByRole("link", { name: "Change name or proxy" }).click();
  await expect(page.getByLabel("Port"), "what was set is still there").toHaveValue(port);
  await upstream.set(`/_proxies/${id}`, { fault: "none" });
  await page.getByRole("button", { name: "Test proxy" }).click();
  await expect(page.getByText("Test passed"), "with the password that was kept").toBeVisible();
  await page.getByRole("button", { name: "Back to sign-in" }).click();
  await paste(page, shown);
  await ready(page, "max-north");
  expect((await upstream.proxyNow(id)).books.reached, "all of it went through the proxy").toBeGreaterThan(1);
});

test("a reload in the middle loses nothing, and another session may not look in", async ({
  page,
  switchyard,
  upstream,
  browser,
}) => {
  await signIn(page, switchyard);
  await authorise(page, CLAUDE, "max-north");
  const { shown } = await allow(page, upstream);
  const address = page.url();
  expect(address).toMatch(/sign-in=[0-9a-f]+$/);

  await page.reload();
  await hydrated(page);
  await expect(page.getByText(/\d+\smin left/)).toBeVisible();
  const other = await browser.newPage({ baseURL: switchyard.url });
  await visit(other, "/web/sign-in");
  await enter(other, PASSWORD);
  await other.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  await visit(other, address);
  await expect(other.getByText("This sign-in is over")).toBeVisible();
  await other.close();

  await paste(page, shown);
  await ready(page, "max-north");
});

test("a sign-in that took too long is begun again with all that was set for it", async ({
  page,
  switchyard,
  upstream,
}) => {
  await page.clock.install();
  await signIn(page, switchyard);
  await authorise(page, CLAUDE, "max-north");

  await page.clock.fastForward("10:30");
  await expect(page.getByText("This sign-in is over")).toBeVisible();
  await shoot(page, "wizard-over");
  await page.getByRole("button", { name: "Begin again" }).click();
  await page.getByRole("heading", { name: "Let Switchyard use this account" }).waitFor();
  await paste(page, (await allow(page, upstream)).shown);

  await ready(page, "max-north");
});

test("tokens that a person has already make an account, too", async ({ page, switchyard, upstream }) => {
  const given = (await upstream.set("/_oauth/tokens", { account: "claude", scope: "user:inference" })) as { access_token: string };
  await signIn(page, switchyard);
  await authorise(page, CLAUDE, "long-lived");

  await page.getByText("Other ways").click();
  await page.getByLabel("Tokens that you have already").fill("nonsense");
  await page.getByRole("button", { name: "Use these tokens" }).click();
  await expect(page.locator("#tokens-said")).toContainText("cannot be used");
  await shoot(page, "wizard-other-ways");
  await page.getByLabel("Tokens that you have already").fill(given.access_token);
  await page.getByRole("button", { name: "Use these tokens" }).click();

  await ready(page, "long-lived");
});

test("one token for a year is asked for where that is wanted", async ({ page, switchyard, upstream }) => {
  await signIn(page, switchyard);
  await authorise(page, CLAUDE, "yearly");
  await page.getByText("Other ways").click();
  await page.getByRole("button", { name: "Begin with that" }).click();
  await expect(page.getByText("A sign-in that is refreshed")).toHaveCount(1);

  await paste(page, (await allow(page, upstream)).shown);

  await ready(page, "yearly");
  await page.getByRole("link", { name: "See the account" }).click();
  await expect(page.getByText("It has no refresh token")).toBeVisible();
});

test("an account is signed in to again and keeps its id; somebody else's sign-in is refused", async ({
  page,
  switchyard,
  upstream,
}) => {
  test.slow();
  await upstream.set("/_accounts", { name: "bob" });
  await signIn(page, switchyard);
  await authorise(page, CLAUDE, "max-north");
  await paste(page, (await allow(page, upstream)).shown);
  await ready(page, "max-north");
  await page.getByRole("link", { name: "See the account" }).click();
  await page.getByRole("heading", { level: 1, name: "max-north" }).waitFor();
  const address = page.url();
  await upstream.set("/_oauth/revoke", { account: "claude" });
  await page.getByRole("button", { name: "Refresh now" }).click();
  await expect(page.getByText("Needs sign-in").first()).toBeVisible();
  await shoot(page, "account-needs-sign-in");

  await page.getByRole("button", { name: "Sign in again" }).first().click();
  await page.getByRole("heading", { level: 1, name: "Sign in again" }).waitFor();
  await paste(page, (await allow(page, upstream, "bob")).shown);
  await expect(page.getByText(/You signed in as .*bob.*, but this account belongs to/)).toBeVisible();
  await page.getByRole("button", { name: "Start a new attempt" }).click();
  await expect(page.getByText(/You signed in as/)).toHaveCount(0);
  await paste(page, (await allow(page, upstream, "claude")).shown);

  await ready(page, "max-north");
  await page.getByRole("link", { name: "See the account" }).click();
  await expect(page).toHaveURL(address);
  await expect(page.getByText("Able", { exact: true }).first()).toBeVisible();
});

base.describe("a provider that is not there", () => {
  base.use({
    serve: {
      words: [],
      environment: {
        SWITCHYARD_ANTHROPIC_AUTHORIZE_URL: "http://127.0.0.1:9/oauth/authorize",
        SWITCHYARD_ANTHROPIC_TOKEN_URL: "http://127.0.0.1:9/v1/oauth/token",
      },
    },
  });

  base("is named with the cause, and what was pasted stays", async ({ page, switchyard }) => {
    await signIn(page, switchyard);
    await authorise(page, CLAUDE, "max-north");

    await paste(page, "a-code-of-theirs");

    await expect(page.getByText(/could not be asked.*refused/)).toBeVisible();
    await expect(page.getByLabel("Paste what the page shows")).toHaveValue("a-code-of-theirs");
  });
});
