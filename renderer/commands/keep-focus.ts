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
  let disabled: Element | undefined;
  const remember = ({ target }: FocusEvent): void => {
    if (!(target instanceof HTMLElement)) return;
    const step = { element: target, list: target.closest(lists), around: target.closest<HTMLElement>(parts) };
    disabled = undefined;
    trail = [step, ...trail.filter(({ element }) => element !== target)].slice(0, kept);
  };
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const later = (): void => {
    waiting ??= setTimeout(look, patienceMs);
  };
  const look = (): void => {
    clearTimeout(waiting);
    waiting = undefined;
    const [last] = trail;
    if (document.activeElement !== document.body || last === undefined) return;
    if (last.element.matches(":disabled")) disabled = last.element;
    // A button that waits for what it began takes the focus back, or is gone then.
    if (last.element.isConnected && last.element === disabled) {
      last.element.focus();
      if (document.activeElement === document.body) later();
      return;
    }
    // Whoever clicked beside everything let the focus go on purpose: the element is still there.
    if (last.element.isConnected) return;
    for (const step of trail) if (goBackTo(step)) return;
    goToScreen();
  };
  document.addEventListener("focusin", remember);
  document.addEventListener("focusout", later);
  document.addEventListener("keydown", look, true);
  // Chromium says nothing of a button that loses the focus by being disabled.
  document.addEventListener("keyup", later, true);
  return () => {
    document.removeEventListener("focusin", remember);
    document.removeEventListener("focusout", later);
    document.removeEventListener("keydown", look, true);
    document.removeEventListener("keyup", later, true);
    clearTimeout(waiting);
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
