// Whoever works by keys never loses the focus: where its element leaves the page, the nearest thing that stayed takes it.
import { goToScreen, startOf } from "./regions.ts";

interface Step {
  readonly element: HTMLElement;
  /** The list it was a row of: its next row is nearer than anything else. */
  readonly list: Element | null;
  readonly around: HTMLElement | null;
}

const lists = "[role=tree], [role=treegrid], [role=grid], [role=listbox], [role=tablist]";
const parts = "[role=dialog], [data-region], main";

/** Where the focus was, the newest first; enough for a menu of a dialog over a drawer. */
const kept = 12;
/** Time for what closes to give the focus back by itself. */
const patienceMs = 60;

/** Starts looking after the focus; returns how to stop. */
export function keepFocus(): () => void {
  let trail: readonly Step[] = [];
  const remember = ({ target }: FocusEvent): void => {
    if (!(target instanceof HTMLElement)) return;
    const step = { element: target, list: target.closest(lists), around: target.closest<HTMLElement>(parts) };
    trail = [step, ...trail.filter(({ element }) => element !== target)].slice(0, kept);
  };
  const look = (): void => {
    const [last] = trail;
    // Whoever clicked beside everything let the focus go on purpose: the element is still there.
    if (document.activeElement !== document.body || last === undefined || last.element.isConnected) return;
    for (const step of trail) if (goBackTo(step)) return;
    goToScreen();
  };
  const later = (event: FocusEvent): void => {
    if (event.relatedTarget === null) setTimeout(look, patienceMs);
  };
  document.addEventListener("focusin", remember);
  document.addEventListener("focusout", later);
  document.addEventListener("keydown", look, true);
  return () => {
    document.removeEventListener("focusin", remember);
    document.removeEventListener("focusout", later);
    document.removeEventListener("keydown", look, true);
  };
}

/** True where the focus is there now. */
function goBackTo({ element, list, around }: Step): boolean {
  const row = list?.isConnected === true ? list.querySelector<HTMLElement>("[tabindex='0']") : null;
  const start = around?.isConnected === true ? startOf(around) : null;
  for (const target of [element, row, start]) {
    if (target?.isConnected !== true) continue;
    target.focus();
    if (document.activeElement === target) return true;
  }
  return false;
}
