// The dispatch grid in a browser against a made-up server: what only a browser shows. The rules
// beneath are tested in web-assets.
import { expect, type Page, test } from "@playwright/test";
import { complaints, expectAccessible } from "./accessible";

test.skip(!process.env.GANGMU_GALLERY, "needs the gallery example (GANGMU_GALLERY=1)");

interface Sent { version: number; month_investment: number | null; problems: string; image_progress: string }

function row(project_id: string, name: string, change: object = {}) {
  return {
    project_id, name, code: "2503-150526-04-01-123456", unit_name: "扎鲁特旗", version: 3, status: "due", annual_plan: 1_200_000_000,
    total_investment: 3_000_000_000, before_year: 500_000_000, ytd_before: 900_000_000, month_investment: null, funds: {},
    site_status: "", image_progress: "", previous_image_progress: "主厂房封顶", problems: "", correction_reason: "",
    explanations: {}, findings: [], ...change,
  };
}

/** Opens the grid; saved rows answer with the next version, or as `answer` says. */
async function open(page: Page, answer?: (sent: Sent) => { status: number; body: object } | "offline" | undefined): Promise<Sent[]> {
  const sent: Sent[] = [];
  const rows = [
    row("p1", "扎铝二期 35 万吨项目"),
    row("p2", "霍都 60 万吨预焙阳极项目", { status: "draft", month_investment: 32_000_000, findings: [{ code: "sudden_jump", severity: "warning", field: "month_investment", message: "比上月增加 6 倍" }] }),
    row("p3", "奈曼旗天然碱项目", { status: "accepted", month_investment: 1_000_000 }),
  ];
  await page.route("**/api/v1/periods/**", (route) => route.fulfill({ json: {
    period: "2025-12", due_on: "2026-01-08", closed: false, time_progress: { num: 12, den: 12 }, rows,
  } }));
  await page.route("**/api/v1/projects/**", (route) => {
    const body = route.request().postDataJSON() as Sent;
    sent.push(body);
    const special = answer?.(body);
    if (special === "offline") return route.abort();
    if (special) return route.fulfill({ status: special.status, json: special.body });
    const project = route.request().url().split("/projects/")[1]?.split("/")[0];
    const base = rows.find((one) => one.project_id === project) ?? rows[0];
    return route.fulfill({ json: { ...base, ...body, version: body.version + 1, status: "draft" } });
  });
  await page.goto("/sample/dispatch_grid/0");
  await expect(page.getByRole("grid")).toBeVisible();
  return sent;
}

const cell = (page: Page, line: number, column: number) => page.locator(`.gm-grid tbody tr:nth-child(${line}) td[data-column="${column}"]`);
const MONTH = 1;

test("it is accessible, with and without an open editor", async ({ page }) => {
  const heard = complaints(page);
  await open(page);
  await expectAccessible(page);
  await cell(page, 1, MONTH).focus();
  await page.keyboard.press("F2");
  await expectAccessible(page);
  expect(heard).toEqual([]);
});

test("typing replaces, derives and saves without the pointer", async ({ page }) => {
  const sent = await open(page);
  await cell(page, 1, MONTH).focus();
  await page.keyboard.type("30000");
  await page.keyboard.press("Enter");
  await expect(cell(page, 1, MONTH)).toHaveText("30,000");
  await expect(cell(page, 1, 2)).toHaveText("120,000");
  await expect(cell(page, 1, 3)).toHaveText("100.0%");
  await expect(cell(page, 2, MONTH)).toBeFocused();
  await expect.poll(() => sent.length).toBe(1);
  expect(sent[0]).toMatchObject({ version: 3, month_investment: 300_000_000 });
  await page.keyboard.press("Control+z");
  await expect(cell(page, 1, MONTH)).toHaveText("");
  await page.keyboard.press("Control+y");
  await expect(cell(page, 1, MONTH)).toHaveText("30,000");
});

test("the cursor follows the focus, wherever it came from", async ({ page }) => {
  await open(page);
  await cell(page, 2, MONTH).focus();
  await page.keyboard.type("5");
  await page.keyboard.press("Enter");
  await expect(cell(page, 2, MONTH)).toHaveText("5");
  await expect(cell(page, 1, MONTH)).toHaveText("");
  await cell(page, 3, MONTH).focus();
  await page.keyboard.type("9");
  await expect(cell(page, 3, MONTH), "an accepted return cannot be typed in").toHaveText("100");
});

test("what cannot be read stays open and is explained; escape gives it up", async ({ page }) => {
  await open(page);
  await cell(page, 1, MONTH).focus();
  await page.keyboard.type("12x");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "12x" })).toContainText("不是金额");
  await page.keyboard.press("Escape");
  await expect(cell(page, 1, MONTH)).toBeFocused();
  await expect(cell(page, 1, MONTH)).toHaveText("");
});

test("a rectangle copied in Excel is pasted, and a selection is copied", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  await page.evaluate(() => navigator.clipboard.writeText('1,234.5\r\n"6"\r\n'));
  await cell(page, 1, MONTH).focus();
  await page.keyboard.press("Control+v");
  await expect(cell(page, 1, MONTH)).toHaveText("1,234.5");
  await expect(cell(page, 2, MONTH)).toHaveText("6");
  await expect(cell(page, 2, MONTH)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Control+c");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("1234.5\n6".replace("\n", "\r\n"));
});

test("someone else's change is shown and nothing is overwritten before the choice", async ({ page }) => {
  const theirs = row("p1", "扎铝二期 35 万吨项目", { version: 8, month_investment: 50_000, problems: "设备未到货" });
  const sent = await open(page, (body) => (body.version === 3 ? { status: 409, body: { title: "conflict", current: theirs } } : undefined));
  await cell(page, 1, MONTH).focus();
  await page.keyboard.type("7");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  const panel = page.getByRole("region", { name: "当前项目" });
  await expect(panel.getByRole("alert")).toContainText("他人已修改");
  await expect(panel).toContainText("设备未到货");
  await panel.getByRole("button", { name: "保留我的" }).click();
  await expect.poll(() => sent.length).toBe(2);
  expect(sent[1]).toMatchObject({ version: 8, month_investment: 70_000 });
});

test("without a connection the draft is kept and comes back after a reload", async ({ page }) => {
  let online = false;
  await open(page, () => (online ? undefined : "offline"));
  await cell(page, 1, MONTH).focus();
  await page.keyboard.type("88");
  await page.keyboard.press("Enter");
  await expect(page.locator(".gm-grid tbody tr:first-child .gm-grid-state")).toContainText("未联网");
  page.on("dialog", (dialog) => void dialog.accept());
  online = true;
  await page.reload();
  await expect(cell(page, 1, MONTH)).toHaveText("88");
  await expect(page.locator(".gm-grid tbody tr:first-child .gm-grid-state")).not.toContainText("待保存");
});

test("a warning asks for its explanation beside the row", async ({ page }) => {
  const sent = await open(page);
  await cell(page, 2, MONTH).focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowDown");
  await page.getByLabel("情况说明").fill("设备集中到货");
  await expect.poll(() => sent.length).toBeGreaterThan(0);
  expect(sent.at(-1)).toMatchObject({ explanations: { sudden_jump: "设备集中到货" } });
});
