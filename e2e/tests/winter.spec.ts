// A winter plan from its form to the first quarter's forecast. Needs a demo server; it changes the
// region.
import { expect, type Page, test } from "@playwright/test";
import { complaints, expectAccessible } from "./accessible";
import { fill, logIn } from "./people";

test.skip(!!process.env.GANGMU_GALLERY, "needs the demonstration region, not the gallery");

/** The unit's own row of the roll-up: the forecast of the first quarter, in 万元. */
async function forecast(page: Page, unit: string): Promise<number> {
  await page.goto(`/winter?unit=${unit}`);
  const cell = page.locator("table.gm-table-wide tbody tr").first().locator("td").last();
  return Number((await cell.innerText()).replaceAll(/[^0-9.-]/g, ""));
}

test("a winter plan that is filed adds to the first quarter's forecast", async ({ page }, info) => {
  test.skip(info.project.name !== "desktop", "once is enough: it changes the region");
  test.setTimeout(180_000);
  const heard = complaints(page);
  await logIn(page, "horqin");
  const before = await forecast(page, "150502");
  await page.goto("/winter?unit=150502&state=undecided");
  await page.locator("#rows tbody th a").first().click();
  await page.waitForURL(/\/projects\/\d+\/winter/);
  const winter = new URL(page.url()).pathname;
  const season = new URL(page.url()).searchParams.get("season") ?? "";
  const open = `${winter}?${season ? `season=${season}&` : ""}do=`;

  await page.goto(`${open}plan#act`);
  await expectAccessible(page);
  const form = "#act form";
  const months = await page.locator(`${form} [name^=month_]`).evaluateAll((all) => all.map((one) => (one as HTMLInputElement).name));
  for (const month of months) await fill(page, form, month, month.endsWith("-03") ? "345" : "100");
  await fill(page, form, "parts", "厂房钢结构安装 420 吨");
  await fill(page, form, "workers", "86");
  for (const box of await page.locator(`${form} [name=measures]`).all()) await box.check();
  for (const day of ["prepared_on", "supervised_on"]) {
    await fill(page, form, day, await page.locator(`${form} [name=from]`).inputValue());
  }
  await page.locator(`${form} button[type=submit]`).click();
  await expect(page.locator("#act")).toHaveCount(0);
  await page.goto(`${open}submit#act`);
  await page.locator(`${form} button[type=submit]`).click();
  await expect(page.locator("#act")).toHaveCount(0);

  await logIn(page, "tongliao");
  await page.goto(`${open}file#act`);
  await page.locator(`${form} button[type=submit]`).click();
  await expect(page.locator("main")).toContainText("已备案");
  await expectAccessible(page);

  // The months that have been opened for returns count as they are; the plan adds the others.
  const opened = (await (await page.request.get("/api/v1/periods")).json() as { period: string }[]).map((one) => one.period);
  const year = months.at(-1)!.slice("month_".length, "month_2026".length);
  const planned = months.map((month) => month.slice("month_".length))
    .filter((month) => month.startsWith(year) && month <= `${year}-03` && !opened.includes(month))
    .reduce((sum, month) => sum + (month.endsWith("-03") ? 345 : 100), 0);
  expect(planned, "some of the quarter is still to come").toBeGreaterThan(0);
  for (const unit of ["150502", "150500"]) {
    const shown = await forecast(page, unit);
    if (unit === "150502") expect(shown).toBeCloseTo(before + planned, 1);
  }
  await page.goto(winter.replace(/\/winter$/, ""));
  await expect(page.locator("#story"), "each act stands on the project's timeline").toContainText("冬季施工");
  expect(heard).toEqual([]);
});

test("the winter ledger fits its screen", async ({ page }) => {
  await logIn(page, "horqin");
  for (const path of ["/winter?unit=150502", "/winter?unit=150502&state=filed"]) {
    await page.goto(path);
    await expectAccessible(page);
  }
});
