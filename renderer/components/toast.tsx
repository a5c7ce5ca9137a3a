// Short messages at the lower right edge, the last of the areas that F6 goes through. Each is kept in the list of past ones.
import { Toast as Base } from "@base-ui/react/toast";
import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import type { ReactNode } from "react";
import { toFreightlinerError } from "../../shared/errors.ts";
import {
  type PastToast,
  rememberToast,
  setUndo,
  type ToastTone,
  takeActionAway,
  usePastToasts,
} from "../state/past-toasts.ts";
import { commonText, messagesText } from "../text/common.ts";

const manager = Base.createToastManager();

export interface ToastOptions {
  readonly title: string;
  readonly text?: string;
  readonly tone?: ToastTone;
  readonly action?: { readonly label: string; readonly onSelect: () => void };
  /** Offers to take back what the toast tells of; once, also by Mod+Z. In place of `action`. */
  readonly undo?: () => void | Promise<void>;
  /** Milliseconds; bad news stays until it is closed. */
  readonly timeoutMs?: number;
  /** Called once when it goes; nothing can be taken back from then on. */
  readonly onClosed?: () => void;
}

const usualMs = 5000;
/** Time to notice a mistake. */
const undoMs = 10_000;

/** Shows a message; may be called from anywhere, also outside of React. Returns how to close it. */
export function showToast(options: ToastOptions): () => void {
  const tone = options.tone ?? "info";
  const action = options.undo === undefined ? options.action : undoAction(options.undo, () => close());
  const usual = options.undo === undefined ? usualMs : undoMs;
  const past = rememberToast({ title: options.title, text: options.text, tone, action });
  const id = manager.add({
    title: options.title,
    ...(options.text === undefined ? {} : { description: options.text }),
    type: tone,
    timeout: options.timeoutMs ?? (tone === "bad" ? 0 : usual),
    priority: tone === "bad" ? "high" : "low",
    ...(options.onClosed === undefined ? {} : { onClose: () => ended(past, action, options.onClosed) }),
    ...(action === undefined ? {} : { actionProps: { children: action.label, onClick: action.onSelect } }),
  });
  const close = (): void => {
    takeActionAway(past);
    manager.close(id);
  };
  return () => manager.close(id);
}

function ended(past: number, action: PastToast["action"], then: (() => void) | undefined): void {
  takeActionAway(past);
  if (usePastToasts.getState().undo === action?.onSelect) setUndo(undefined);
  then?.();
}

/** Takes all messages off the screen; the list of past ones keeps them. */
export function closeToasts(): void {
  manager.close();
}

/** Runs once, by the toast, by its entry in the list, or as the newest one by Mod+Z. */
function undoAction(undo: () => void | Promise<void>, close: () => void): NonNullable<PastToast["action"]> {
  let used = false;
  const onSelect = (): void => {
    if (used) return;
    used = true;
    close();
    if (usePastToasts.getState().undo === onSelect) setUndo(undefined);
    void (async () => undo())().catch((thrown: unknown) => showError(commonText.undo, thrown));
  };
  setUndo(onSelect);
  return { label: commonText.undo, onSelect };
}

/** Says that an action failed: what was tried, and the error's own sentence. */
export function showError(
  what: string,
  thrown: unknown,
  options: Pick<ToastOptions, "timeoutMs"> = {},
): void {
  const text = toFreightlinerError(thrown, what).message;
  showToast({ title: commonText.didNotWork(what), text, tone: "bad", ...options });
}

/** Of messages, also in the list of past ones. */
export const toastIcons: Readonly<Record<ToastTone, ReactNode>> = {
  ok: <CircleCheck aria-hidden className="size-4 text-ok" />,
  bad: <CircleAlert aria-hidden className="size-4 text-bad" />,
  info: <Info aria-hidden className="size-4 text-info" />,
};

export function ToastRegion({ children }: { readonly children: ReactNode }) {
  return (
    <Base.Provider toastManager={manager} limit={4}>
      {children}
      <Base.Portal>
        <Base.Viewport
          aria-label={messagesText.title}
          data-region=""
          // Over a dialog that fills the window, above its buttons: a message that stays must not lie on Start.
          className="fixed right-4 bottom-10 z-70 flex w-88 flex-col gap-2 in-[body:has([data-sheet])]:bottom-24"
        >
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function isTone(type: string | undefined): type is ToastTone {
  return type !== undefined && Object.hasOwn(toastIcons, type);
}

function ToastList() {
  const { toasts } = Base.useToastManager();
  return toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      className="rounded-lg border border-line bg-raised p-3 text-sm text-text shadow-pop transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0"
    >
      <Base.Content className="flex items-start gap-2.5">
        <span className="mt-px">{toastIcons[isTone(toast.type) ? toast.type : "info"]}</span>
        <div className="min-w-0 flex-1">
          <Base.Title className="font-medium" />
          <Base.Description data-selectable className="mt-0.5 text-xs break-words text-muted" />
          <Base.Action className="mt-2 h-6 rounded-md border border-line-strong px-2 text-xs hover:bg-hover" />
        </div>
        <Base.Close
          aria-label={commonText.dismiss}
          // Base UI hides it while toasts lie on each other; ours all lie open.
          aria-hidden={false}
          className="-mt-1 -mr-1 flex size-6 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
        >
          <X aria-hidden className="size-3.5" />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ));
}
