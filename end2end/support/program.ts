// A program of ours, run for one test: started, waited for, stopped, its output kept.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

const PATIENCE = 20_000;

export class Program {
  readonly #child: ChildProcess;
  readonly #name: string;
  #output = "";

  constructor(binary: string, words: string[], options: { folder: string; environment: Record<string, string> }) {
    this.#name = binary;
    this.#child = spawn(binary, words, {
      cwd: options.folder,
      env: { PATH: process.env.PATH, HOME: options.folder, ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const pipe of [this.#child.stdout, this.#child.stderr]) {
      pipe?.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
      });
    }
  }

  /** All that it has printed so far, on both outputs. */
  get output(): string {
    return this.#output;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Waits until `probe` gives a value; fails with the output if the program ends before, or takes too long. */
  async until<Value>(probe: () => Promise<Value | undefined> | Value | undefined): Promise<Value> {
    const end = Date.now() + PATIENCE;
    while (this.isRunning && Date.now() < end) {
      const value = await probe();
      if (value !== undefined) return value;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const state = this.isRunning ? "is not ready" : `ended with ${this.#child.exitCode ?? this.#child.signalCode}`;
    await this.kill();
    throw new Error(`${this.#name} ${state}:\n${this.#output}`);
  }

  /** Asks it to end, and expects it to do so by itself and without an error. */
  async stop(signal: "SIGINT" | "SIGTERM" = "SIGTERM"): Promise<void> {
    if (this.isRunning) {
      const ended = once(this.#child, "exit");
      this.#child.kill(signal);
      const timer = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE);
      await ended;
      clearTimeout(timer);
    }
    if (this.#child.exitCode !== 0) {
      throw new Error(`${this.#name} ended with ${this.#child.exitCode ?? this.#child.signalCode}:\n${this.#output}`);
    }
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }
}

/** A port of the loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** The path of a binary that `cargo xtask test browser` has built. */
export function binary(variable: string): string {
  const path = process.env[variable];
  if (path === undefined) throw new Error(`${variable} is not set: run \`make e2e\`, or see end2end/README.md`);
  return path;
}
