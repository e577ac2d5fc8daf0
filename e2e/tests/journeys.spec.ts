// Journeys through the demonstration region: every page opens clean and accessible, and a month
// goes from a draft through three levels. Needs a demo server (tools/browser-tests starts one).
import { expect, type Page, test } from "@playwright/test";
import { complaints, expectAccessible } from "./accessible";
import { logIn } from "./people";

test.skip(!!process.env.GANGMU_GALLERY, "needs the demonstration region, not the gallery");

const PAGES: [user: string, paths: string[]][] = [
  ["region", [
    "/?period=2025-12", "/rollup?period=2025-12&by=industry", "/rollup/lights?period=2025-12&unit=150500", "/projects", "/projects?on_list=1&period=2025-12&light=red",
    "/projects/new", "/pipeline", "/programmes/2025", "/dispatch/2026-01?unit=150502", "/review/2026-01?unit=150502", "/periods", "/imports",
    "/exports", "/approvals/sittings", "/approvals/sittings/new", "/approvals/timing", "/approvals/timing?by=office&sort=-clock",
    "/approvals/timing/matters?among=promise_missed", "/approvals/what-if", "/approvals/what-if?matter=A06&days=5#tried",
    "/approvals/process", "/approvals/process?view=projects&rare=5", "/approvals/logs", "/organisation", "/account", "/notices", "/notices?all=1",
  ]],
  ["leader", ["/?period=2025-12&unit=150500"]],
  ["security", ["/users"]],
  ["system", ["/policies"]],
  ["auditor", ["/audit"]],
];

for (const [user, paths] of PAGES) {
  test(`${user}: every page opens without complaint and is accessible`, async ({ page }) => {
    // Accessibility is looked at element by element, and some pages have thousands.
    test.setTimeout(600_000);
    await logIn(page, user);
    for (const path of paths) {
      await test.step(path, async () => {
        const heard = complaints(page);
        const response = await page.goto(path);
        expect(response?.status(), path).toBe(200);
        await page.waitForLoadState("networkidle");
        await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
        await expectAccessible(page);
        expect(heard, path).toEqual([]);
      });
    }
  });
}

test("the home page prints what the newspaper printed", async ({ page }) => {
  await logIn(page, "region");
  await page.goto("/?period=2025-12");
  await expect(page.locator("main")).toContainText("3,343");
  await expect(page.locator("main")).toContainText(/9,8\d\d\.\d\d/);
});

/** The projects the newspaper named, with what it printed of them: as texts of the card's fields. */
const NAMED: [name: string, printed: string[]][] = [
  ["热电联产机组", ['"27"', "789.12", "36.96", "亿千瓦时/年"]],
  ["扎铝二期35万吨电解铝", ["3000000000", '"80"', "近"]],
  ["60万吨新型预焙阳极项目一期", ['"60"', "2025-03-18", "2025-11-26"]],
  ["60万吨新型预焙阳极项目二期", ['"60"', "2026-09-01", "2025-09-10"]],
  ["纳米微晶新材料项目一期2号线", ["2025-11-18", "一窑两线"]],
  ["奈曼旗天然碱", ["20.77", "13.74", '"500"', "到2035年"]],
  ["高端重型装备制造基地", ["36000000000", '"720"', '"85"']],
];

test("the interface for programs says what the newspaper printed", async ({ page }, info) => {
  test.skip(info.project.name !== "desktop", "the same at every width");
  await logIn(page, "region");
  const get = async (path: string) => {
    const answer = await page.request.get(`/api/v1/${path}`);
    expect(answer.status(), path).toBe(200);
    return await answer.json();
  };
  for (const edition of ["published", "current"]) {
    const { total } = await get(`rollup?period=2025-12&edition=${edition}`);
    expect(total.measures.projects).toBe(3343);
    expect(Math.floor(total.measures.year_to_date / 1e10)).toBe(98);
    const growth = total.year_on_year.num / total.year_on_year.den;
    expect(growth).toBeGreaterThan(0.065);
    expect(growth).toBeLessThan(0.075);
  }
  type Row = { key: string; measures: { started: number; completed: number } };
  const { rows } = await get("rollup?period=2025-12&unit=150500&by=industry&edition=published");
  const industry = (rows as Row[]).filter((row) => row.key >= "06" && row.key < "47");
  const sum = (of: "started" | "completed") => industry.reduce((all, row) => all + row.measures[of], 0);
  expect([sum("started"), sum("completed")]).toEqual([233, 77]);
  for (const [name, printed] of NAMED) {
    const found = await get(`projects?q=${encodeURIComponent(name)}`);
    expect(found.rows, name).toHaveLength(1);
    const { fields } = await get(`projects/${found.rows[0].project_id}`);
    const card = JSON.stringify(fields);
    for (const figure of printed) expect(card, name).toContain(figure);
  }
});

test("somebody else's log is analysed where it is handed in", async ({ page }) => {
  await logIn(page, "region");
  await page.goto("/approvals/logs");
  const rows = ["case:concept:name,concept:name,time:timestamp", "A,Receipt,2026-03-02 09:00:00Z", "A,Decision,2026-03-09 17:00:00Z"];
  await page.locator("#field-file").setInputFiles({ name: "permits.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) });
  await page.locator("form[action='/approvals/logs/analysis'] button").click();
  await expect(page.locator("main")).toContainText("Receipt → Decision");
  await expect(page.locator(".gm-map svg")).toBeVisible();
  await expectAccessible(page);
});

test("a wrong password says so and logs nobody in", async ({ page }) => {
  await page.goto("/login");
  await page.locator("#field-user").fill("region");
  await page.locator("#field-password").fill("not-the-password");
  await page.locator("form[action='/login'] button[type=submit]").click();
  await expect(page).toHaveURL(/login/);
  await page.goto("/projects");
  await expect(page).toHaveURL(/login/);
});

test("what a person may not do is refused, not shown", async ({ page }) => {
  await logIn(page, "leader");
  await page.goto("/projects");
  await expect(page.getByRole("link", { name: "新建项目" })).toHaveCount(0);
  const response = await page.goto("/users");
  expect(response?.status()).toBe(403);
});

test("a month's figures go from a draft through three levels", async ({ page }, info) => {
  test.skip(info.project.name !== "desktop", "once is enough: it changes the region");
  await logIn(page, "horqin");
  const listed = await page.request.get("/api/v1/periods/2026-01/returns?unit=150502");
  const rows = (await listed.json()).rows as { project_id: number; status: string; category: string; name: string }[];
  const row = rows.find((one) => ["due", "draft"].includes(one.status) && one.category === "continuing");
  expect(row, "somebody still owes a return").toBeTruthy();
  await page.goto(`/dispatch/2026-01/${row!.project_id}`);
  await page.locator("[name=month_investment]").fill("123.4567");
  await page.locator("[name=site_status]").selectOption("working");
  await page.locator("[name=image_progress]").fill("一月：设备基础浇筑完成，进入安装准备。");
  await page.locator("button[name=do][value=submit]").click();
  const state = async (): Promise<{ status: string; awaiting: number | null; month_investment: number }> => {
    const got = await page.request.get(`/api/v1/projects/${row!.project_id}/returns/2026-01`);
    return await got.json();
  };
  let now = await state();
  if (now.status !== "submitted") {
    // A warning wants a word of explanation; give it where it is asked for.
    for (const field of await page.locator("textarea[name^='explain']").all()) await field.fill("按合同节点支付，情况属实。");
    await page.locator("button[name=do][value=submit]").click();
    now = await state();
  }
  expect(now.status).toBe("submitted");
  expect(now.month_investment).toBe(1_234_567);
  // The level whose review is next: 2 banner, 1 league, 0 region, then nobody's.
  const stands = async (): Promise<string> => {
    const { status, awaiting } = await state();
    return `${status} ${awaiting}`;
  };
  expect(await stands()).toBe("submitted 2");
  for (const [user, after] of [["horqin", "submitted 1"], ["tongliao", "submitted 0"], ["region", "accepted null"]] as const) {
    await logIn(page, user);
    await page.goto("/review/2026-01?unit=150502");
    await page.locator(`input[name=seen][value^="${row!.project_id}:"]`).check();
    await page.getByRole("button", { name: "通过" }).first().click();
    await page.locator("dialog[open] .btn-primary").click();
    await expect.poll(stands).toBe(after);
  }
});
