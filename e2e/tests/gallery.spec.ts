// The component gallery, without a database: what holds for the parts holds for the pages.
import { expect, test } from "@playwright/test";
import { complaints, expectAccessible } from "./accessible";

test.skip(!process.env.GANGMU_GALLERY, "needs the gallery example (GANGMU_GALLERY=1)");

for (const path of ["/", "/sample/login/0", "/sample/login/1", "/sample/refusal/1",
  "/sample/approvals_sittings/0", "/sample/approvals_call/2", "/sample/approvals_sitting/1", "/sample/approvals_sheet/0", "/sample/approvals_shelf/0",
  "/sample/approvals_timing/0", "/sample/approvals_timed/0", "/sample/approvals_what_if/0", "/sample/approvals_process/0", "/sample/approvals_logs/2"]) {
  for (const theme of ["light", "dark"]) {
    test(`${path} is accessible in the ${theme} theme`, async ({ page }) => {
      const heard = complaints(page);
      await page.addInitScript((value) => localStorage.setItem("gangmu.theme", value), theme);
      await page.goto(path);
      await page.waitForLoadState("networkidle");
      await expectAccessible(page);
      expect(heard).toEqual([]);
    });
  }
}

test("charts are drawn from data under the strict policy", async ({ page }) => {
  await page.goto("/");
  await expect(page.locator(".gm-chart-drawn canvas")).toHaveCount(4);
});

test("the language switch turns the page into English", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Components");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test("the menu opens and closes by keyboard on a phone", async ({ page, viewport }) => {
  test.skip((viewport?.width ?? 0) > 992);
  await page.goto("/");
  const button = page.getByRole("button", { name: "菜单", exact: true });
  await expect(page.getByRole("navigation", { name: "主导航" })).toBeHidden();
  await button.press("Enter");
  await expect(page.getByRole("navigation", { name: "主导航" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(button).toHaveAttribute("aria-expanded", "false");
});
