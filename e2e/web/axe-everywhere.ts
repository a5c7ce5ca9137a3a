// What axe says of what is on the screen, in light, in dark and in forced colours: every rule of WCAG 2.2 AA and of best practice.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The rules that look at colours; names, roles and order are the same in every look. */
const colourRules = ["color-contrast", "link-in-text-block"];

const looks = [
  { name: "light", media: { colorScheme: "light", forcedColors: "none" } },
  { name: "dark", media: { colorScheme: "dark", forcedColors: "none" } },
  { name: "forced colours", media: { colorScheme: "dark", forcedColors: "active" } },
] as const;

/** No finding at all, whatever its weight. Soft, so that one walk tells of all screens. `part` is what is new on the page. */
export async function expectNoFindings(page: Page, what: string, part?: string): Promise<void> {
  for (const { name, media } of looks) {
    await page.emulateMedia({ ...media, reducedMotion: "reduce" });
    // The page has no frames: nothing has to be gathered from them, which takes longer than the rules do.
    const builder = new AxeBuilder({ page }).setLegacyMode(true);
    if (name === "light") builder.withTags(rules);
    else builder.withRules(colourRules);
    // That everything is in a landmark is said of whole pages: menus lie beside them.
    if (part !== undefined) builder.include(part).disableRules("region");
    const { violations } = await builder.analyze();
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = "" }) => `${id}: ${target.join(" ")}: ${failureSummary}`),
    );
    expect.soft(found, `${what}, ${name}`).toEqual([]);
  }
}

/** Whatever moves longer than a blink. The page must ask for reduced motion. */
export function motions(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const longest = (list: string): number =>
      Math.max(...list.split(",").map((part) => Number.parseFloat(part) * (part.endsWith("ms") ? 1 : 1000)));
    return [...document.querySelectorAll("*")].flatMap((element) => {
      const { transitionDuration, animationDuration } = getComputedStyle(element);
      return longest(transitionDuration) > 1 || longest(animationDuration) > 1
        ? [`${element.tagName} ${element.className}: ${transitionDuration} ${animationDuration}`]
        : [];
    });
  });
}

/** Controls that stay cut off or covered when they are brought into sight, by name. */
export function unreachable(page: Page, within: string): Promise<readonly string[]> {
  return page.evaluate((selector) => {
    const controls = [...document.querySelectorAll(selector)]
      .flatMap((part) => [...part.querySelectorAll("button, input, [role=switch], [role=tab]")])
      .filter((element) => element.checkVisibility() && !element.matches(":disabled, [aria-disabled=true]"));
    return controls.flatMap((element) => {
      // What is there for keys alone shows itself with the focus.
      if (element instanceof HTMLElement) element.focus({ preventScroll: true });
      element.scrollIntoView({ block: "center", inline: "center" });
      const { x, y, width, height } = element.getBoundingClientRect();
      // Seen by screen readers only, or drawn by what stands beside it.
      if (width < 4 || height < 4) return [];
      const top = document.elementFromPoint(x + width / 2, y + height / 2);
      const reached = top !== null && (element.contains(top) || top.closest("label")?.contains(element));
      return reached ? [] : [element.getAttribute("aria-label") ?? element.textContent];
    });
  }, within);
}
