// Getting past the door.

import type { Page } from "@playwright/test";

import { hydrated, visit } from "./page.ts";
import type { Switchyard } from "./switchyard.ts";

export const NAME = "admin";
export const PASSWORD = "buffer stop plum 41";

/** Makes the administrator on the command line and signs in on the page. */
export async function signIn(page: Page, switchyard: Switchyard): Promise<void> {
  await switchyard.command(["admin", "create", "--username", NAME, "--password-stdin"], PASSWORD);
  await visit(page, "/web/sign-in");
  await enter(page, PASSWORD);
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  await hydrated(page);
}

/** Fills in the sign-in form and sends it. */
export async function enter(page: Page, password: string): Promise<void> {
  await page.getByLabel("Name").fill(NAME);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Makes a sandbox account and a key bound to it, on the command line. Gives back the key's text. */
export async function sandboxKey(switchyard: Switchyard, name: string): Promise<string> {
  const account = JSON.parse(
    await switchyard.command(["accounts", "add", "--kind", "sandbox", "--name", "sandbox", "--json"]),
  ) as { id: string };
  const made = await switchyard.command(["keys", "create", "--name", name, "--account", account.id, "--json"]);
  return (JSON.parse(made) as { key: string }).key;
}

/** Sends a streamed message as a client program would, and reads the answer to its end. */
export async function call(switchyard: Switchyard, key: string, model = "claude-sandbox-1"): Promise<string> {
  const answer = await fetch(`${switchyard.url}/api/v1/messages`, {
    method: "POST",
    headers: { "x-api-key": key, "content-type": "application/json", "anthropic-version": "2023-06-01" },
    body: JSON.stringify({
      model,
      max_tokens: 64,
      stream: true,
      messages: [{ role: "user", content: "Say hello" }],
    }),
  });
  if (!answer.ok) throw new Error(`the call was answered with ${answer.status}: ${await answer.text()}`);
  return answer.text();
}
