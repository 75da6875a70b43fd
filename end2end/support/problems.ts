// What must not happen on any page: errors in the console, uncaught exceptions, violations of the policy.

import type { BrowserContext } from "@playwright/test";

export class Problems {
  readonly #found: string[] = [];
  readonly #allowed: RegExp[] = [];

  /** Lets errors that a test provokes pass, such as a refused sign-in. */
  allow(pattern: RegExp): void {
    this.#allowed.push(pattern);
  }

  /** What was found and not allowed. */
  get found(): string[] {
    return this.#found.filter((text) => !this.#allowed.some((pattern) => pattern.test(text)));
  }

  /** Begins to watch all pages of a context. */
  async watch(context: BrowserContext): Promise<void> {
    context.on("console", (message) => {
      if (message.type() === "error") this.#found.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (failure) => {
      this.#found.push(`exception: ${failure.error().message}`);
    });
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (violation) => {
        console.error(`policy: ${violation.effectiveDirective} blocked ${violation.blockedURI}`);
      });
    });
  }
}
