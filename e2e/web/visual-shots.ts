// Takes a picture in every look: light and dark, each in the usual window and in a large one.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { packPicture } from "./visual-pack.ts";

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
const [usual, large] = sizes;
/** In an order in which each look differs from the one before in one thing. */
const looks = [
  { colorScheme: "light", size: usual },
  { colorScheme: "dark", size: usual },
  { colorScheme: "dark", size: large },
  { colorScheme: "light", size: large },
] as const;
const stylePath = join(import.meta.dirname, "visual.css");

/** As good as none: what differs by so much is a letter of the smallest text, at most. */
const tolerance = { stylePath, maxDiffPixels: 40 } as const;

export interface PictureOptions {
  /** What is new on the page; without it, the whole window. */
  readonly of?: Locator;
  /** Brings back what does not outlive a change of size, before each picture. */
  readonly prepare?: () => Promise<void>;
}

/** Pictures `NAME-light-1280.png` and its three sisters; afterwards the page is of the usual size. */
export async function inEveryLook(page: Page, name: string, options: PictureOptions = {}): Promise<void> {
  for (const { colorScheme, size } of looks) {
    if (page.viewportSize()?.width !== size.width) await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    await page.evaluate(scrollTreesUp);
    await options.prepare?.();
    await picture(options.of ?? page, `${name}-${colorScheme}-${size.width}`);
  }
  await page.setViewportSize(usual);
}

/**
 * For menus and small dialogs, which are the same in every window: pictures `NAME-light.png` and `NAME-dark.png` in
 * the usual one. In the large one only that it is as large as before and not cut off, for a picture takes its time.
 */
export async function inBothThemes(page: Page, name: string, what: Locator): Promise<void> {
  const before = await what.boundingBox();
  await page.setViewportSize(large);
  await expect
    .soft(async () => {
      const box = await what.boundingBox();
      expect([box?.width, box?.height]).toEqual([before?.width, before?.height]);
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(large.width);
    }, `${name} in the large window`)
    .toPass({ timeout: 5000 });
  await page.setViewportSize(usual);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await picture(what, `${name}-${colorScheme}`);
  }
}

/** In the page: how far a tree is scrolled depends on what came first, its rows or its size. */
async function scrollTreesUp(): Promise<void> {
  const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  await frame();
  for (const tree of document.querySelectorAll("[role=tree]"))
    for (let part: Element | null = tree; part !== null; part = part.parentElement) part.scrollTop = 0;
  await frame();
}

/** One picture as the page is now. Soft, so that one walk tells of all that changed. */
export async function picture(what: Page | Locator, name: string): Promise<void> {
  const file = `${name}.png`;
  // The two have the same options, and a type for each.
  if ("viewportSize" in what) await expect.soft(what).toHaveScreenshot(file, tolerance);
  else await expect.soft(what).toHaveScreenshot(file, tolerance);
  await packPicture(test.info().snapshotPath(file, { kind: "screenshot" }));
}

/** What lies over the screen last: a dialog, a drawer or a menu. */
export function over(page: Page): Locator {
  return page.locator("[role=dialog], [role=alertdialog], [role=menu]").filter({ visible: true }).last();
}

/** Closes all that lies over the screen. */
export async function leave(page: Page): Promise<void> {
  const open = page.locator("[role=dialog], [role=alertdialog], [role=menu], [role=listbox]:popover-open");
  while ((await open.count()) > 0) {
    const before = await open.count();
    await page.keyboard.press("Escape");
    // Escape empties a search first, and closes by the next one.
    await expect
      .poll(() => open.count(), { timeout: 1000 })
      .toBeLessThan(before)
      .catch(() => undefined);
  }
}

/** A screen by its name in the rail; the mouse then rests where nothing answers to it. */
export async function go(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation").getByText(name, { exact: true }).first().click();
  await rest(page);
}

export function rest(page: Page): Promise<void> {
  return page.mouse.move(640, 2);
}

/** To make them for another platform: create its folder, then run the pictures with --update-snapshots. */
export function onlyWherePicturesAre(): void {
  test.skip(
    !existsSync(join(import.meta.dirname, "../pictures", process.platform)),
    `There are no pictures for ${process.platform}, whose fonts draw other text.`,
  );
}
