// Whoever works by keys never loses the focus: where its element leaves the page, the nearest thing that stayed takes it.
import { goToScreen, startOf } from "./regions.ts";

/** Held weakly: a field that left the page must not stay in memory with the password that was typed into it. */
interface Step {
  readonly element: WeakRef<HTMLElement>;
  /** The list it was a row of: its next row is nearer than anything else. */
  readonly list: WeakRef<Element> | undefined;
  readonly around: WeakRef<HTMLElement> | undefined;
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
    const step = {
      element: new WeakRef(target),
      list: weakly(target.closest(lists)),
      around: weakly(target.closest<HTMLElement>(parts)),
    };
    disabled = undefined;
    trail = [step, ...trail.filter(({ element }) => element.deref() !== target)].slice(0, kept);
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
    const element = last.element.deref();
    if (element?.matches(":disabled")) disabled = element;
    // A button that waits for what it began takes the focus back, or is gone then.
    if (element?.isConnected && element === disabled) {
      element.focus();
      if (document.activeElement === document.body) later();
      return;
    }
    // Whoever clicked beside everything let the focus go on purpose: the element is still there.
    if (element?.isConnected) return;
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

function weakly<E extends Element>(element: E | null): WeakRef<E> | undefined {
  return element === null ? undefined : new WeakRef(element);
}

/** True where the focus is there now. */
function goBackTo(step: Step): boolean {
  const list = step.list?.deref();
  const around = step.around?.deref();
  const row = list?.isConnected === true ? list.querySelector<HTMLElement>("[tabindex='0']") : null;
  const start = around?.isConnected === true ? startOf(around) : null;
  for (const target of [step.element.deref(), row, start]) {
    if (target?.isConnected !== true) continue;
    target.focus();
    if (document.activeElement === target) return true;
  }
  return false;
}
