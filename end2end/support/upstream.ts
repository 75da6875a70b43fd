// The fake provider, on a port of its own. A credential says in words what it gets: `sk-fake-429-60`.

import { tmpdir } from "node:os";

import { binary, Program } from "./program.ts";

/** What a person gets for allowing access: the code alone, as the page shows it, and as the whole address. */
export type Allowed = { account: string; code: string; state: string; shown: string; address: string };

/** A proxy of the fake provider's. */
export type Proxy = { id: number; url: string; books: { connections: number; reached: number } };

export class Upstream {
  readonly url: string;
  readonly #program: Program;

  private constructor(url: string, program: Program) {
    this.url = url;
    this.#program = program;
  }

  static async start(): Promise<Upstream> {
    const program = new Program(binary("UPSTREAM_BINARY"), ["--port", "0"], { folder: tmpdir(), environment: {} });
    const url = await program.until(() => /^(http\S+)\n/.exec(program.output)?.[1]);
    return new Upstream(url, program);
  }

  /** Settings that make this the provider of accounts that sign in. */
  get settings(): Record<string, string> {
    return {
      SWITCHYARD_ANTHROPIC_AUTHORIZE_URL: `${this.url}/oauth/authorize`,
      SWITCHYARD_ANTHROPIC_TOKEN_URL: `${this.url}/v1/oauth/token`,
      SWITCHYARD_ANTHROPIC_API_URL: this.url,
      SWITCHYARD_GOOGLE_AUTHORIZE_URL: `${this.url}/o/oauth2/v2/auth`,
      SWITCHYARD_GOOGLE_TOKEN_URL: `${this.url}/token`,
      SWITCHYARD_GOOGLE_USERINFO_URL: `${this.url}/oauth2/v2/userinfo`,
      SWITCHYARD_GOOGLE_API_URL: this.url,
      SWITCHYARD_GOOGLE_CODE_ASSIST_URL: this.url,
      SWITCHYARD_GOOGLE_CLIENT_SECRET: "made-up-for-tests",
    };
  }

  /** What it has received and answered so far, by its own count. */
  async books(): Promise<unknown> {
    return this.#ask("GET", "/_books");
  }

  /** Somebody opens the link and allows access. */
  async allow(link: string, account?: string): Promise<Allowed> {
    return (await this.#ask("POST", "/_oauth/authorize", { url: link, account })) as Allowed;
  }

  /** Steers it: see its README. */
  async set(path: string, body: unknown): Promise<unknown> {
    return this.#ask("POST", path, body);
  }

  /** A proxy on a port of its own. */
  async proxy(wish: { kind: string; user?: string; password?: string }): Promise<Proxy> {
    return (await this.#ask("POST", "/_proxies", wish)) as Proxy;
  }

  /** That proxy, as it is now. */
  async proxyNow(id: number): Promise<Proxy> {
    return (await this.#ask("GET", `/_proxies/${id}`)) as Proxy;
  }

  async dispose(): Promise<void> {
    await this.#program.stop("SIGINT");
  }

  async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${this.url}${path}`, { method, headers, ...sent });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }
}
