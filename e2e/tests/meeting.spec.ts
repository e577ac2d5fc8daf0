// A dispatch meeting from the agenda that builds itself to a problem struck off, with the leader's
// phone page after each step. Needs a demo server; it changes the region.
import { expect, type Page, test } from "@playwright/test";
import { complaints, expectAccessible } from "./accessible";
import { fill, later, logIn } from "./people";

test.skip(!!process.env.GANGMU_GALLERY, "needs the demonstration region, not the gallery");

const LEADER = "leader-tongliao";
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };
const SERIES = "红灯项目日调度";
const AGREED = "五日内解决用地批后监管问题，恢复施工";

interface Mine {
  project: { project_id: number; name: string; unit: { code: string } };
}

/** The leader's page on a telephone must tell of a step, with its project, since it was last seen. */
async function leaderReads(page: Page, project: string, title: string, text: string): Promise<void> {
  await page.setViewportSize(PHONE);
  await logIn(page, LEADER);
  await page.goto("/my");
  const line = page.locator("#changes li", { hasText: project }).filter({ hasText: title }).filter({ hasText: text });
  await expect(line.first(), `${title} ${text}`).toBeVisible();
  await expectAccessible(page);
}

/** Notes everything as seen, so that only what comes after is told. */
async function leaderHasSeen(page: Page): Promise<void> {
  await page.setViewportSize(PHONE);
  await logIn(page, LEADER);
  await page.goto("/my");
  const seen = page.locator("form[action='/my/seen'] button");
  if (await seen.count()) await seen.click();
  await expect(page.locator("main")).toContainText("已标记为看过");
}

/** Takes the next step of a problem in its form. */
async function step(page: Page, problem: string, act: string, fields: Record<string, string>): Promise<void> {
  await page.goto(`${problem}?do=${act}#act`);
  for (const [name, value] of Object.entries(fields)) await fill(page, "#act", name, value);
  await page.locator("#act button[type=submit]").click();
  await expect(page.locator("#act"), act).toHaveCount(0);
}

test("a red project goes through a meeting to a problem struck off, and its leader sees each step", async ({ page }, info) => {
  test.skip(info.project.name !== "desktop", "once is enough: it changes the region");
  test.setTimeout(300_000);
  const heard = complaints(page);
  await leaderHasSeen(page);
  const { day, projects } = await (await page.request.get("/api/v1/desk")).json() as { day: string; projects: Mine[] };
  const late = "/api/v1/projects?on_list=1&period=2025-12&light=red&unit=150500";
  const { rows } = await (await page.request.get(late)).json() as { rows: { project_id: number }[] };
  const red = projects.map((one) => one.project).find((one) => rows.some((row) => row.project_id === one.project_id));
  expect(red, "the leader has a project with a red light").toBeTruthy();
  const { project_id: id, name, unit } = red!;

  await test.step("it reaches the agenda by itself, with the reason", async () => {
    await page.setViewportSize(DESK);
    await logIn(page, "tongliao");
    await page.goto("/meetings");
    await page.locator("details:has(form[action='/meetings']) summary").click();
    const form = "form[action='/meetings']";
    await fill(page, form, "title", SERIES);
    await fill(page, form, "unit", unit.code);
    await fill(page, form, "rhythm", "daily");
    await page.locator(`${form} button[type=submit]`).click();
    const row = page.locator("tr", { hasText: SERIES });
    await row.getByRole("button", { name: "筹备会议" }).click();
    await page.waitForURL(/\/meetings\/\d+$/);
    const item = page.locator("#agenda tr", { hasText: name });
    await expect(item).toContainText("红灯项目");
    await expectAccessible(page);
    await leaderReads(page, name, "列入调度会议程", SERIES);
  });

  let problem = "";
  await test.step("its resolution becomes a problem in the room", async () => {
    await page.setViewportSize({ width: 1920, height: 1080 });
    await logIn(page, "tongliao");
    await page.goto("/meetings");
    await page.getByRole("link", { name: SERIES }).first().click();
    await page.locator("#agenda").getByRole("link", { name }).click();
    await expect(page.locator("h1")).toContainText(name);
    await expect(page.locator("nav.gm-nav"), "a room needs no menu").toHaveCount(0);
    await expectAccessible(page);
    await page.getByRole("link", { name: "协调解决影响施工的问题" }).click();
    const form = "#agree form";
    await expect(page.locator(`${form} [name=becomes]`)).toHaveValue("problem");
    await fill(page, form, "instruction", AGREED);
    await fill(page, form, "unit", "150500");
    await page.locator(`${form} [name=department]`).selectOption({ label: "自然资源局" });
    await fill(page, form, "due_on", later(day, 5));
    await page.locator(`${form} button[type=submit]`).click();
    const agreed = page.locator(".gm-room-list li", { hasText: AGREED });
    await expect(agreed.first()).toContainText("办理中");
    await page.locator(".gm-room-list").getByRole("link", { name: AGREED }).first().click();
    problem = new URL(page.url()).pathname;
    if (problem.startsWith("/resolutions")) {
      await page.getByRole("link", { name: /已转为问题/ }).click();
      problem = new URL(page.url()).pathname;
    }
    expect(problem).toMatch(/^\/problems\/\d+$/);
    await expect(page.locator("main")).toContainText("自然资源");
    await leaderReads(page, name, "交办", AGREED);
  });

  await test.step("the office answers, and hears of it in its inbox", async () => {
    await page.setViewportSize(DESK);
    await logIn(page, "approver-league");
    await page.goto("/notices");
    await expect(page.locator("main")).toContainText(AGREED);
    await step(page, problem, "answer", { measures: "现场办公", result: "已恢复施工" });
    await leaderReads(page, name, "反馈", AGREED);
    await expect(page.locator("#asked"), "the leader is asked to look").toContainText(AGREED);
  });

  await test.step("whoever answered may not pass it; the leader does, on the telephone", async () => {
    await logIn(page, "approver-league");
    await page.goto(problem);
    await expect(page.getByRole("link", { name: "核验", exact: true })).toHaveCount(0);
    await page.setViewportSize(PHONE);
    await logIn(page, LEADER);
    await page.goto("/my");
    await page.locator("#asked").getByRole("link", { name: AGREED }).click();
    await step(page, problem, "verify", { finding: "现场看过，已恢复施工" });
    await page.goto("/my");
    await expect(page.locator("main")).not.toContainText("待我核验的问题");
  });

  await test.step("it is struck off, and the meeting says so", async () => {
    await page.setViewportSize(DESK);
    await logIn(page, "tongliao");
    await step(page, problem, "strike_off", {});
    await expect(page.locator("main")).toContainText("已销号");
    await leaderReads(page, name, "销号", AGREED);
    await page.goto(`/projects/${id}`);
    await expect(page.locator("#story"), "on the project's timeline").toContainText("议定事项");
    await page.setViewportSize(DESK);
    await logIn(page, "tongliao");
    await page.goto("/meetings");
    await page.getByRole("link", { name: SERIES }).first().click();
    await expect(page.locator("#resolutions tr", { hasText: AGREED })).toContainText("已落实");
  });
  expect(heard).toEqual([]);
});

test("a chain has its own series, and what speaks for a project leads to where it is seen", async ({ page }) => {
  const heard = complaints(page);
  await logIn(page, "tongliao");
  await page.goto("/meetings");
  const row = page.locator("tr", { hasText: "铝基新材料产业链旬调度" }).first();
  await expect(row).toContainText("产业链：铝基新材料");
  await row.getByRole("link").click();
  const on = page.locator("#agenda tbody tr");
  expect(await on.count(), "the chain's projects are on the agenda").toBeGreaterThan(0);
  const grounds = on.first().locator(".gm-grounds a").first();
  const href = await grounds.getAttribute("href");
  expect((await page.goto(href!))?.status(), href!).toBe(200);
  expect(heard).toEqual([]);
});

test("meetings, responsibility and the leader's page fit their screens", async ({ page }) => {
  test.setTimeout(300_000);
  for (const [user, paths] of [
    ["tongliao", ["/meetings", "/meetings/2", "/meetings/2/screen", "/meetings/2/screen?at=1", "/meetings/4", "/resolutions", "/resolutions?part=all",
      "/handovers", "/liaison", "/problems"]],
    [LEADER, ["/my", "/notices"]],
  ] as const) {
    await logIn(page, user);
    for (const path of paths) {
      await test.step(`${user} ${path}`, async () => {
        const heard = complaints(page);
        expect((await page.goto(path))?.status()).toBe(200);
        await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
        await expectAccessible(page);
        expect(heard).toEqual([]);
      });
    }
  }
});
