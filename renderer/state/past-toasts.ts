// The messages that were shown, so that they can be read again, and the one thing that can be undone now.
import { create } from "zustand";

export type ToastTone = "ok" | "bad" | "info";

export interface PastToast {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly title: string;
  readonly text: string | undefined;
  readonly tone: ToastTone;
  /** Still offered in the list; an undo goes when it was used. */
  readonly action: { readonly label: string; readonly onSelect: () => void } | undefined;
  /** How often the same message came in a row. */
  readonly times: number;
}

interface PastToasts {
  /** Newest first. */
  readonly toasts: readonly PastToast[];
  readonly unread: number;
  readonly undo: (() => void) | undefined;
}

const kept = 100;
let nextId = 1;

export const usePastToasts = create<PastToasts>(() => ({ toasts: [], unread: 0, undo: undefined }));

/** Returns its id. */
export function rememberToast(toast: Omit<PastToast, "id" | "at" | "times">): number {
  const id = nextId++;
  usePastToasts.setState(({ toasts, unread }) => {
    const [last] = toasts;
    const again = last?.title === toast.title && last.text === toast.text && last.tone === toast.tone;
    const entry = { ...toast, id, at: Date.now(), times: again ? last.times + 1 : 1 };
    return {
      toasts: [entry, ...(again ? toasts.slice(1) : toasts)].slice(0, kept),
      unread: unread + (again && unread > 0 ? 0 : 1),
    };
  });
  return id;
}

/** The action was used: it is not offered again. */
export function takeActionAway(id: number): void {
  usePastToasts.setState(({ toasts }) => ({
    toasts: toasts.map((toast) => (toast.id === id ? { ...toast, action: undefined } : toast)),
  }));
}

export function setUndo(undo: (() => void) | undefined): void {
  usePastToasts.setState({ undo });
}

export function markToastsRead(): void {
  if (usePastToasts.getState().unread > 0) usePastToasts.setState({ unread: 0 });
}

export function clearPastToasts(): void {
  usePastToasts.setState({ toasts: [], unread: 0 });
}
