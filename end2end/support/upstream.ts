// The fake provider, on a port of its own. A credential says in words what it gets: `sk-fake-429-60`.

import { tmpdir } from "node:os";

import { binary, Program } from "./program.ts";

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

  /** What it has received and answered so far, by its own count. */
  async books(): Promise<unknown> {
    const answer = await fetch(`${this.url}/_books`);
    return answer.json();
  }

  async dispose(): Promise<void> {
    await this.#program.stop("SIGINT");
  }
}
