import { defineConfig } from "@playwright/test";

// `cargo xtask test browser` builds what is tested and names the browser; see README.md here for running by hand.
export default defineConfig({
  testDir: "tests",
  outputDir: "results/artefacts",
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: "results/report.json" }]],
  use: {
    browserName: "chromium",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      // Chromium refuses its sandbox to root, which containers and CI are.
      args: ["--no-sandbox"],
    },
    locale: "en-GB",
    viewport: { width: 1280, height: 800 },
    trace: "retain-on-failure",
  },
});
