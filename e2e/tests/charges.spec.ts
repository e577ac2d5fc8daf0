// Who answers for a chain and for a task of a plan: set once, refused in words where somebody holds
// the duty already, relieved, and seen by the leader on their own page together with what is behind.
// Needs a demo server.
import { expect, type Page, test } from "@playwright/test";
import { complaints, expectAccessible } from "./accessible";
import { logIn } from "./people";

test.skip(!!process.env.GANGMU_GALLERY, "needs the demonstration region, not the gallery");

const LIST = "通辽市2026年十项常态化工作和十项关键任务清单（演示）";

/** Sets somebody with a duty; `who` is part of the name people are chosen by. */
async function set(page: Page, duty: string, who: string): Promise<void> {
  await page.locator("#field-duty").selectOption(duty);
  await page.locator("#field-unit").selectOption("150500");
  const choices = await page.locator("#field-user option").allInnerTexts();
  const choice = choices.find((text) => text.includes(who));
  expect(choice, `${who} among those who may be chosen`).toBeTruthy();
  await page.locator("#field-user").selectOption({ label: choice! });
  await page.locator("form[action^='/liaison/about/'] button[type=submit]").last().click();
}

test("a chain has one leader at a time, and says in words why a second is refused", async ({ page }, info) => {
  test.setTimeout(120_000);
  const heard = complaints(page);
  // Both widths run against one demonstration, so each takes a chain of its own.
  const chain = info.project.name === "phone" ? "硅砂" : "镍基循环新材料";
  await logIn(page, "tongliao");
  await page.goto("/liaison/chains");
  await expectAccessible(page);
  const row = page.locator("tbody tr", { hasText: chain });
  await row.getByRole("link", { name: "安排" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expectAccessible(page);
  await set(page, "leader", "通辽市包联领导");
  await expect(page).toHaveURL(/\/liaison\/chains$/);
  await expect(page.locator("tbody tr", { hasText: chain })).toContainText("通辽市包联领导");

  await page.locator("tbody tr", { hasText: chain }).getByRole("link", { name: "安排" }).first().click();
  await set(page, "leader", "通辽市督查室");
  const refusal = page.locator(".gm-errors");
  await expect(refusal).toContainText(`${chain}：同一职责已有人承担`);
  await expect(refusal).not.toContainText("{");
  await expectAccessible(page);
  // What was typed is still there; the dates are changed by relieving who holds it.
  await expect(page.locator("#field-duty")).toHaveValue("leader");
  await page.goto("/liaison/chains");
  await expect(page.locator("tbody tr", { hasText: chain })).not.toContainText("通辽市督查室");
  // The refused form answers 422, which the console reports; nothing else may be heard.
  expect(heard.filter((line) => !line.includes("422"))).toEqual([]);
});

test("a leader answers for a task and finds on their page what is behind in it", async ({ page }) => {
  test.setTimeout(120_000);
  await logIn(page, "tongliao");
  await page.goto("/supervision");
  await page.getByRole("link", { name: LIST }).click();
  const link = page.locator("#items tbody tr", { hasText: "欠进度" }).last().locator("th a").first();
  const title = await link.innerText();
  await link.click();
  await page.locator(".gm-facts a", { hasText: title }).click();
  await page.getByRole("link", { name: "安排责任人" }).click();
  // Where the leader answers for it already, because of the demonstration or of the other width, that
  // is said in words.
  await set(page, "leader", "通辽市包联领导");
  const refusal = page.locator(".gm-errors");
  await expect(refusal.or(page.locator(".gm-facts", { hasText: "通辽市包联领导" }))).toBeVisible();
  if (await refusal.isVisible()) await expect(refusal).toContainText(`${title}：同一职责已有人承担`);

  await logIn(page, "leader-tongliao");
  await page.goto("/my");
  await expect(page.locator("#charges")).toContainText(title);
  const asked = page.locator("#asked");
  await expect(asked).toContainText("欠进度，请督促追赶");
  await expectAccessible(page);
  await asked.getByRole("link", { name: title }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(title);
});

test("a note on the way takes the place from the telephone", async ({ page, context }) => {
  const heard = complaints(page);
  await context.grantPermissions(["geolocation"]);
  await context.setGeolocation({ longitude: 122.2631, latitude: 43.6177, accuracy: 12 });
  await logIn(page, "leader");
  await page.goto("/my");
  await page.locator("#mine a", { hasText: "随手记" }).first().click();
  await page.getByRole("button", { name: "填入当前位置" }).click();
  await expect(page.locator("form[action$='/visits'] [role=status]")).toContainText("精度约 12 米");
  await expectAccessible(page);
  await page.locator("#field-body").fill("主体结构封顶，塔吊开始拆除。");
  await page.locator("form[action$='/visits'] button[type=submit]").click();
  await page.goto("/my");
  await page.locator("#mine a", { hasText: "走访记录" }).first().click();
  const taken = page.locator(".gm-timeline li", { hasText: "主体结构封顶" }).first();
  await expect(taken).toContainText("122.2631");
  await expect(taken).toContainText("43.6177");
  expect(heard).toEqual([]);
});
