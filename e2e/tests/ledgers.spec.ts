// Ledgers that departments keep are read back: the one that was just exported proposes nothing, a row
// of somebody's own becomes a problem that is handed over, and what cannot be read names its cell.
import { readFile } from "node:fs/promises";
import { expect, type Page, test } from "@playwright/test";
import { complaints, expectAccessible } from "./accessible";
import { logIn } from "./people";

test.skip(!!process.env.GANGMU_GALLERY, "needs the demonstration region, not the gallery");

const PROJECT = "国家电投通辽2×350MW智慧热电联产机组（演示）";

async function upload(page: Page, name: string, bytes: Buffer, mimeType: string): Promise<void> {
  await page.locator("#field-file").setInputFiles({ name, mimeType, buffer: bytes });
  await page.getByRole("button", { name: "上传并预览" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
}

test("a ledger that was exported proposes nothing, and a new row is raised and handed over", async ({ page }) => {
  test.setTimeout(180_000);
  const heard = complaints(page);
  await logIn(page, "horqin");
  await page.goto("/problems?standing=all");
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator("a[href*='ledger.xlsx']").first().click()]);
  await page.getByRole("link", { name: "导入台账" }).click();
  await expectAccessible(page);
  await upload(page, "问题台账.xlsx", await readFile(await file.path()), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  await expect(page.locator("main")).toContainText("表中内容与系统一致");
  await expect(page.getByRole("button", { name: "采用", exact: true })).toBeDisabled();

  await page.goto("/ledgers/problems/import");
  const head = "项目名称,存在问题,类型,提出日期,责任单位,办理期限,措施";
  const wrong = `${head}\n没有这个项目,施工便道未通,用地,2026-02-02,科尔沁区发改委,2026-02-20,修通便道\n`;
  await upload(page, "台账一.csv", Buffer.from(wrong), "text/csv");
  await expect(page.locator("main")).toContainText("A2");
  await expect(page.locator("main")).toContainText("没有找到项目“没有这个项目”");
  await expectAccessible(page);

  await page.goto("/ledgers/problems/import");
  const right = `${head}\n${PROJECT},施工便道未通,用地,2026-02-02,科尔沁区发改委,2026-02-20,修通便道\n`;
  await upload(page, "台账二.csv", Buffer.from(right), "text/csv");
  await expectAccessible(page);
  await page.getByRole("button", { name: "采用", exact: true }).click();
  await page.locator("dialog[open] .btn-primary").click();
  await expect(page.locator("main")).toContainText("新增 1");
  await page.goto(`/problems?q=${encodeURIComponent("施工便道未通")}`);
  await page.locator("#rows tbody tr").first().getByRole("link").first().click();
  await expect(page.locator("main")).toContainText("办理中");
  expect(heard).toEqual([]);
});
