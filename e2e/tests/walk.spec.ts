// A project from 谋划 to the building permit, on pages alone: the walk of walks/plant.json, whose
// clocks were counted by hand. A Rust test posts the same forms on a fixed day and compares every
// clock with the same table; here each is read off the page. Needs a demo server, once: it changes
// the region.
import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { complaints, expectAccessible } from "./accessible";
import { fill, logIn } from "./people";

test.skip(!!process.env.GANGMU_GALLERY, "needs the demonstration region, not the gallery");
// The demonstration of this server stands on a day after the walk, so that none of its acts lies ahead.
test.use({ baseURL: process.env.GANGMU_LATER_URL ?? process.env.GANGMU_URL ?? "http://127.0.0.1:8080" });

interface Step {
  who: "window" | "region";
  matter: string;
  act: string;
  on?: string;
  /** Papers that do not come with the application. */
  without?: string[];
  fields?: Record<string, string>;
}

interface ClockRow {
  why: string;
  as_of: string | null;
  matter: string;
  clock: "forwarding" | "promised" | "statutory";
  state: string;
  limit: string;
  used: number;
  due: string | null;
  light: string;
}

interface Walk {
  project: Record<string, string>;
  stages: string[];
  needed: string[];
  acts: Step[];
  sitting: { title: string; matter: string; asked: string[]; document_no: string };
  clocks: ClockRow[];
}

const WALK = JSON.parse(readFileSync(new URL("../walks/plant.json", import.meta.url), "utf8")) as Walk;
const PEOPLE = { clerk: "horqin", window: "approver", region: "approver-region-development-reform" };
const STAGES: Record<string, string> = { reserve: "储备", preparation: "前期" };
const CLOCKS = { forwarding: "转报", promised: "承诺", statutory: "法定" };
const LIGHTS: Record<string, string> = { off: "未计时", green: "正常", paused: "已停表", yellow: "临期", red: "超期" };
const DAYS: Record<string, string> = { working: "个工作日", calendar: "个自然日" };

async function act(page: Page, project: string, step: Step): Promise<void> {
  await page.goto(`${project}/approvals?matter=${step.matter}&do=${step.act}`);
  for (const paper of step.without ?? []) {
    await page.locator(`#act input[name=papers][value="${paper}"]`).uncheck();
  }
  for (const [name, value] of Object.entries(step.fields ?? {})) await fill(page, "#act", name, value);
  if (step.on) await page.locator("#act [name=on]").fill(step.on);
  await page.locator("#act button[type=submit]").click();
  await expect(page.locator("#act"), `${step.matter} ${step.act}`).toHaveCount(0);
}

test("a project walks from an idea to the building permit", async ({ page }, info) => {
  test.skip(info.project.name !== "desktop", "once is enough: it changes the region");
  test.setTimeout(600_000);
  const heard = complaints(page);
  await logIn(page, PEOPLE.clerk);

  await page.goto("/projects/new");
  const form = "form[action='/projects/new']";
  for (const [name, value] of Object.entries(WALK.project)) await fill(page, form, name, value);
  await page.locator(`${form} button[type=submit]`).last().click();
  await page.waitForURL(/\/projects\/\d+$/);
  const project = new URL(page.url()).pathname;

  for (const stage of WALK.stages) {
    await page.goto(`${project}?do=advance`);
    const advance = page.locator(`form[action='${project}/act/advance']`);
    await advance.locator("button[type=submit]").click();
    await page.waitForURL(/\/projects\/\d+$/);
    await expect(page.locator("main")).toContainText(STAGES[stage]!);
  }

  await page.goto(`${project}/approvals`);
  const shown = await page.locator(".gm-approvals tbody tr").evaluateAll((rows) => rows.map((row) => row.id));
  expect(shown).toEqual(WALK.needed.map((code) => `matter-${code}`));

  let now = "";
  for (const step of WALK.acts) {
    if (step.who !== now) await logIn(page, PEOPLE[step.who]);
    now = step.who;
    await act(page, project, step);
  }

  // Whoever holds the sitting records what the asked department says; no post of it is held here.
  const { sitting } = WALK;
  await logIn(page, PEOPLE.clerk);
  await page.goto(`/approvals/sittings/new?unit=150502&q=${encodeURIComponent(WALK.project.name!)}`);
  await page.locator("[name=title]").fill(sitting.title);
  await page.locator(`input[name=project][value="${project.split("/").pop()}"]`).check();
  await page.locator("form[action='/approvals/sittings/new'] button[type=submit]").click();
  await page.waitForURL(/\/approvals\/sittings\/\d+$/);
  await expectAccessible(page);
  for (const _ of sitting.asked) {
    const open = page.locator("details:has(form.gm-answer)").first();
    await open.locator("summary").click();
    await open.locator("[name=stance]").selectOption("agree");
    await open.locator("button[type=submit]").click();
    await expect(page.locator("main")).toContainText("召集单位代记");
  }
  const key = `${project.split("/").pop()}-${sitting.matter}`;
  await page.locator(`[name="decision-${key}"]`).selectOption("grant");
  await page.locator(`[name="document-${key}"]`).fill(sitting.document_no);
  await page.locator("#close button[type=submit]").click();
  await expect(page.locator("main")).toContainText("已结束");

  for (const row of WALK.clocks) {
    await test.step(`${row.matter} ${row.as_of ?? "today"}: ${row.why}`, async () => {
      await page.goto(`${project}/approvals${row.as_of ? `?as_of=${row.as_of}` : ""}`);
      const clock = page.locator(`#matter-${row.matter} .gm-clock`, { hasText: CLOCKS[row.clock] }).first();
      const [kind, days] = row.limit.split(" ") as [string, string];
      const limit = `${days} ${DAYS[kind]}`;
      await expect(clock).toContainText(row.state === "not_started" ? limit : `已用 ${row.used}，限 ${limit}`);
      // A clock that has not started says what it waits for instead of a light.
      if (row.state !== "not_started") await expect(clock).toContainText(LIGHTS[row.light]!);
      if (row.due) {
        const [year, month, day] = row.due.split("-").map(Number);
        await expect(clock).toContainText(`${year}年${month}月${day}日 到期`);
      }
    });
  }
  await page.goto(`${project}/approvals`);
  await expectAccessible(page);
  await expect(page.locator("main")).toContainText("100");
  expect(heard).toEqual([]);
});
