// The bell: messages that were shown, to be read again, with the actions that can still be taken.
import { Popover as Base } from "@base-ui/react/popover";
import { Bell } from "lucide-react";
import { useState } from "react";
import { useCommands } from "../commands/registry.ts";
import { clearPastToasts, markToastsRead, type PastToast, usePastToasts } from "../state/past-toasts.ts";
import { messagesText } from "../text/common.ts";
import { Button } from "./button.tsx";
import { closeToasts, toastIcons } from "./toast.tsx";
import { When } from "./when.tsx";

export function MessageBell({ className }: { readonly className: string }) {
  const [open, setOpen] = useState(false);
  const unread = usePastToasts((state) => state.unread);
  const change = (next: boolean): void => {
    setOpen(next);
    markToastsRead();
    // They are in the list, which would lie below them.
    if (next) closeToasts();
  };
  useCommands(() => ({ "view.messages": { run: () => change(true) } }), []);
  return (
    <Base.Root open={open} onOpenChange={(next) => change(next)}>
      <Base.Trigger aria-label={messagesText.button(unread)} title={messagesText.title} className={className}>
        <Bell aria-hidden className="size-3" />
        {unread > 0 && !open && (
          <span aria-hidden className="font-medium text-text">
            {unread}
          </span>
        )}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner side="top" align="end" sideOffset={6} className="z-60">
          <Base.Popup className="flex max-h-[min(28rem,70vh)] w-96 flex-col overflow-hidden rounded-lg border border-line bg-raised text-sm text-text shadow-pop outline-none">
            <Messages />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Messages() {
  const toasts = usePastToasts((state) => state.toasts);
  return (
    <>
      <header className="flex items-center gap-2 border-b border-line py-2 pr-2 pl-3">
        <Base.Title className="flex-1 text-sm font-medium">{messagesText.title}</Base.Title>
        {toasts.length > 0 && (
          <Button size="small" variant="quiet" onClick={clearPastToasts}>
            {messagesText.clear}
          </Button>
        )}
      </header>
      {toasts.length === 0 ? (
        <p className="px-3 py-8 text-center text-xs text-muted">{messagesText.none}</p>
      ) : (
        <ol className="min-h-0 flex-1 divide-y divide-line overflow-y-auto">
          {toasts.map((toast) => (
            <Message key={toast.id} toast={toast} />
          ))}
        </ol>
      )}
    </>
  );
}

function Message({ toast }: { readonly toast: PastToast }) {
  return (
    <li className="flex items-start gap-2.5 px-3 py-2">
      <span className="mt-px">{toastIcons[toast.tone]}</span>
      <div className="min-w-0 flex-1" data-selectable="">
        <p className="text-sm break-words">
          {toast.title}
          {toast.times > 1 && <span className="text-muted"> {messagesText.times(toast.times)}</span>}
        </p>
        {toast.text !== undefined && <p className="text-xs break-words text-muted">{toast.text}</p>}
        <When at={toast.at} className="text-2xs text-muted" />
      </div>
      {toast.action !== undefined && (
        <Button size="small" onClick={toast.action.onSelect}>
          {toast.action.label}
        </Button>
      )}
    </li>
  );
}
