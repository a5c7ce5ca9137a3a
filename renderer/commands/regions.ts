// The parts of the window that F6 goes around: the rail, the panes or the screen, the transfers below them, the status bar.

/** A screen is one part, unless it marks several within itself. */
const parts = "[data-region], main";
const reachable =
  ":is(button, input, select, textarea, a[href], [tabindex]):not(:disabled, [tabindex='-1'], [aria-disabled='true'])";

/** In the order of the page. */
function regions(): readonly HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(parts)].filter(
    (region) => region.querySelector(parts) === null && startOf(region) !== null,
  );
}

/** Where one begins in it: the row that one was on, the screen that is shown, else whatever Tab reaches first. */
export function startOf(region: HTMLElement): HTMLElement | null {
  const row = "[data-index][tabindex='0']";
  const wanted = region.dataset.begins === undefined ? row : `[role=${region.dataset.begins}] ${row}`;
  for (const selector of [wanted, row, "[aria-current=page]"]) {
    const found = region.querySelector<HTMLElement>(selector);
    if (found !== null) return found;
  }
  return (
    [...region.querySelectorAll<HTMLElement>(reachable)].find((element) => element.offsetParent !== null) ??
    null
  );
}

/** The focus goes to the next part of the window, or to the one before; from nowhere to the first of the screen. */
export function goToRegion(step: 1 | -1): void {
  const all = regions();
  const at = all.findIndex((region) => region.contains(document.activeElement));
  const next = at < 0 ? firstOfScreen(all) : all[(at + step + all.length) % all.length];
  if (next !== undefined) startOf(next)?.focus();
}

/** Past the rail. */
export function goToScreen(): void {
  const first = firstOfScreen(regions());
  if (first !== undefined) startOf(first)?.focus();
}

function firstOfScreen(all: readonly HTMLElement[]): HTMLElement | undefined {
  return all.find((region) => region.closest("main") !== null);
}
