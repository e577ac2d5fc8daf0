// What every page must pass at every width: axe finds nothing, nothing sticks out sideways, and
// the browser reports no refused script or style.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Collects what the console complains about; call before the page is opened. */
export function complaints(page: Page): string[] {
  const all: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") all.push(message.text());
  });
  page.on("pageerror", (error) => all.push(String(error)));
  return all;
}

export async function expectAccessible(page: Page): Promise<void> {
  // Our pages have no frames, and what passed is of no interest: gathering both took many times
  // longer than looking.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"] });
  const { violations } = await axe.analyze();
  const found = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`);
  expect(found).toEqual([]);
  const [scroll, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(scroll, "nothing sticks out sideways").toBeLessThanOrEqual(width ?? 0);
}
