// Short messages at the lower right edge; F6 moves the focus to them.
import { Toast as Base } from "@base-ui/react/toast";
import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import type { ReactNode } from "react";
import { toFreightlinerError } from "../../shared/errors.ts";
import { commonText } from "../text/common.ts";

const manager = Base.createToastManager();

type ToastTone = "ok" | "bad" | "info";

export interface ToastOptions {
  readonly title: string;
  readonly text?: string;
  readonly tone?: ToastTone;
  readonly action?: { readonly label: string; readonly onSelect: () => void };
  /** Milliseconds; bad news stays until it is closed. */
  readonly timeoutMs?: number;
}

/** Shows a message; may be called from anywhere, also outside of React. */
export function showToast(options: ToastOptions): void {
  const tone = options.tone ?? "info";
  manager.add({
    title: options.title,
    ...(options.text === undefined ? {} : { description: options.text }),
    type: tone,
    timeout: options.timeoutMs ?? (tone === "bad" ? 0 : 5000),
    priority: tone === "bad" ? "high" : "low",
    ...(options.action === undefined
      ? {}
      : { actionProps: { children: options.action.label, onClick: options.action.onSelect } }),
  });
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

const icons: Readonly<Record<ToastTone, ReactNode>> = {
  ok: <CircleCheck aria-hidden className="size-4 text-ok" />,
  bad: <CircleAlert aria-hidden className="size-4 text-bad" />,
  info: <Info aria-hidden className="size-4 text-info" />,
};

export function ToastRegion({ children }: { readonly children: ReactNode }) {
  return (
    <Base.Provider toastManager={manager} limit={4}>
      {children}
      <Base.Portal>
        <Base.Viewport className="fixed right-4 bottom-4 z-70 flex w-88 flex-col gap-2">
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function isTone(type: string | undefined): type is ToastTone {
  return type !== undefined && Object.hasOwn(icons, type);
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
        <span className="mt-px">{isTone(toast.type) ? icons[toast.type] : icons.info}</span>
        <div className="min-w-0 flex-1">
          <Base.Title className="font-medium" />
          <Base.Description data-selectable className="mt-0.5 text-xs break-words text-muted" />
          <Base.Action className="mt-2 h-6 rounded-md border border-line-strong px-2 text-xs hover:bg-hover" />
        </div>
        <Base.Close
          aria-label="Dismiss"
          className="-mt-1 -mr-1 flex size-6 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
        >
          <X aria-hidden className="size-3.5" />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ));
}
