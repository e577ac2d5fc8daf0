// Who walks through the demonstration region, and how a form is filled.
import { expect, type Page } from "@playwright/test";

const PASSWORD = "gangmu-demo-2026";

export async function logIn(page: Page, user: string): Promise<void> {
  await page.context().clearCookies();
  await page.goto("/login");
  await page.locator("#field-user").fill(user);
  await page.locator("#field-password").fill(PASSWORD);
  await page.locator("form[action='/login'] button[type=submit]").click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}

/** Fills a field of a form, whatever kind of control it is. */
export async function fill(page: Page, scope: string, name: string, value: string): Promise<void> {
  const control = page.locator(`${scope} [name="${name}"]`);
  const kind = await control.first().evaluate((one) => (one as HTMLInputElement).type);
  if (kind === "checkbox") await page.locator(`${scope} [name="${name}"][value="${value}"]`).check();
  else if (kind === "select-one") await control.selectOption(value);
  else await control.first().fill(value);
}

/** The day the server stands on, as the form of today's page says it. */
export function later(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
