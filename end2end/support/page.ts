// What every test does with a page: visit it, look at it, have it checked.

import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const SHOTS = "shots";
const WIDTHS = [1280, 390];
const HEIGHT = 800;
const THEMES = ["light", "dark"] as const;

/** Opens a page and waits until it is alive: a click before that would be lost. */
export async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await hydrated(page);
}

/** Waits until the page's WASM has taken over. */
export async function hydrated(page: Page): Promise<void> {
  await page.locator("body[data-hydrated]").waitFor();
}

/** Expects nothing serious of axe, on the page as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = serious.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target).join(", ")}`);
  expect(told).toEqual([]);
}

/** Keeps pictures of the page, light and dark, wide and phone, as `shots/NAME-THEME-WIDTH.png`; axe looks at each. */
export async function shoot(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const colorScheme of THEMES) {
    for (const width of WIDTHS) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: HEIGHT });
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.screenshot({ path: `${SHOTS}/${name}-${colorScheme}-${width}.png`, fullPage: true, animations: "disabled" });
      await expectAccessible(page);
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (before !== null) await page.setViewportSize(before);
}
