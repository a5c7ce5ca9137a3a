// What journeys do with the window: its places, adding and choosing registries, the plan, and what axe says.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Locator, type Page } from "@playwright/test";

export const left = (page: Page): Locator => page.getByRole("region", { name: "Left registry" });
export const right = (page: Page): Locator => page.getByRole("region", { name: "Right registry" });
export const transfers = (page: Page): Locator => page.getByRole("region", { name: "Transfers" });
export const planOf = (page: Page): Locator => page.getByRole("dialog", { name: "Plan" });
export const rowOf = (pane: Locator, name: string): Locator =>
  pane
    .getByRole("tree", { name: "Repositories" })
    .getByRole("treeitem", { name: new RegExp(`^${name}\\b`) })
    .first();

export interface SignIn {
  readonly user: string;
  readonly password: string;
}

/** Fills the open dialog and waits for what the check says. */
export async function addRegistry(page: Page, address: string, signIn?: SignIn): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Add a registry" });
  await dialog.getByRole("textbox", { name: "Address" }).fill(address);
  if (signIn !== undefined) {
    await dialog.getByRole("textbox", { name: "User name (optional)" }).fill(signIn.user);
    await dialog.getByLabel("Password or token").fill(signIn.password);
  }
  await dialog.getByRole("button", { name: "Check", exact: true }).click();
  await expect(dialog.getByText("Passed").first()).toBeVisible();
}

export async function choose(page: Page, side: "left" | "right", name: string): Promise<void> {
  await page.getByRole("button", { name: new RegExp(`Choose the ${side} registry`) }).click();
  await page.getByRole("menuitem", { name: new RegExp(name) }).click();
  // A menu that still fades out has the same items as the next one.
  await expect(page.getByRole("menu")).toHaveCount(0);
}

export async function openFolder(pane: Locator, folder: string): Promise<void> {
  const row = rowOf(pane, folder);
  await row.click();
  if ((await row.getAttribute("aria-expanded")) !== "true") await row.press("ArrowRight");
}

export async function openRepository(pane: Locator, folder: string, name: string): Promise<void> {
  await openFolder(pane, folder);
  await rowOf(pane, name).click();
}

export async function showScreen(page: Page, name: "Transfer" | "Registries"): Promise<void> {
  await page.getByRole("navigation").getByText(name, { exact: true }).click();
}

/** Nothing that axe calls serious or critical. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  await settle(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(
    serious.map(
      ({ id, nodes }) => `${what}: ${id} ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
    ),
  ).toEqual([]);
}

/** What fades in or out has other colours for a moment. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter((one) => Number.isFinite(Number(one.effect?.getComputedTiming().endTime)));
    await Promise.allSettled(ending.map((one) => one.finished));
  });
}
