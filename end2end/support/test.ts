// The `test` of all specs: a Switchyard of its own for each, and no tolerance for errors on the page.

import { test as base, expect } from "@playwright/test";

import { Problems } from "./problems.ts";
import { type Options, Switchyard } from "./switchyard.ts";
import { Upstream } from "./upstream.ts";

type Fixtures = {
  /** How this test's Switchyard is started; set it by `test.use({ serve: … })`. */
  serve: Options;
  /** The real binary, started for this test alone; pages' addresses are relative to it. */
  switchyard: Switchyard;
  /** A fake provider, started for those tests that ask for it. */
  upstream: Upstream;
  /** Watches all pages; whatever it finds fails the test in the end. */
  problems: Problems;
};

export const test = base.extend<Fixtures>({
  serve: [{ words: [], environment: {} }, { option: true }],

  switchyard: async ({ serve }, use, info) => {
    const switchyard = await Switchyard.start(serve);
    await use(switchyard);
    if (info.status !== info.expectedStatus) {
      await info.attach("switchyard's output", { body: switchyard.output, contentType: "text/plain" });
    }
    await switchyard.dispose();
  },

  upstream: async ({}, use) => {
    const upstream = await Upstream.start();
    await use(upstream);
    await upstream.dispose();
  },

  baseURL: async ({ switchyard }, use) => {
    await use(switchyard.url);
  },

  problems: [
    async ({ context }, use) => {
      const problems = new Problems();
      await problems.watch(context);
      await use(problems);
      expect(problems.found, "errors on the page").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
