// The real binary, on a free port, with a data folder of its own.

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { binary, freePort, Program } from "./program.ts";

export type Options = {
  /** What follows `switchyard serve`. */
  words: string[];
  /** Settings beyond address and data folder. */
  environment: Record<string, string>;
};

export class Switchyard {
  readonly url: string;
  readonly folder: string;
  readonly #port: number;
  readonly #options: Options;
  #program: Program | undefined;

  private constructor(folder: string, port: number, options: Options) {
    this.folder = folder;
    this.url = `http://127.0.0.1:${port}`;
    this.#port = port;
    this.#options = options;
  }

  static async start(options: Options): Promise<Switchyard> {
    const folder = await mkdtemp(join(tmpdir(), "switchyard-e2e-"));
    const switchyard = new Switchyard(folder, await freePort(), options);
    await switchyard.restart();
    return switchyard;
  }

  /** All that this run of it has printed. */
  get output(): string {
    return this.#program?.output ?? "";
  }

  /** The one-time link that a first start prints. */
  get setupLink(): string {
    const link = /https?:\/\/\S+\/web\/setup\S*/.exec(this.output)?.[0];
    if (link === undefined) throw new Error(`no setup link was printed:\n${this.output}`);
    return link;
  }

  /** Stops it if it runs, and starts it on the same folder and port. */
  async restart(): Promise<void> {
    await this.#program?.stop();
    const program = new Program(binary("SWITCHYARD_BINARY"), ["serve", ...this.#options.words], {
      folder: this.folder,
      environment: this.#environment,
    });
    this.#program = program;
    await program.until(async () => {
      const answer = await fetch(`${this.url}/health`).catch(() => undefined);
      return answer?.ok ? true : undefined;
    });
  }

  /** Runs a command of the same binary on the same data folder and gives back what it printed. */
  command(words: string[], input = ""): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { cwd: this.folder, env: { PATH: process.env.PATH, ...this.#environment } };
      const child = execFile(binary("SWITCHYARD_BINARY"), words, options, (error, stdout, stderr) => {
        if (error) reject(new Error(`switchyard ${words.join(" ")}: ${stderr}`, { cause: error }));
        else resolve(stdout);
      });
      child.stdin?.end(input);
    });
  }

  /** Stops it, expecting a clean end, and removes its folder. */
  async dispose(): Promise<void> {
    await this.#program?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  get #environment(): Record<string, string> {
    return {
      HOST: "127.0.0.1",
      PORT: String(this.#port),
      SWITCHYARD_DATA: join(this.folder, "data"),
      ...this.#options.environment,
    };
  }
}
