// A modal dialog with title, body and foot.
import { Dialog as Base } from "@base-ui/react/dialog";
import { clsx } from "clsx";
import { X } from "lucide-react";
import type { ReactNode, RefObject } from "react";

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly children: ReactNode;
  /** Buttons, right-aligned; the one that does it comes last. */
  readonly foot?: ReactNode;
  readonly width?: "small" | "medium" | "large";
  /** Called when it is open and drawn: the element that gets the focus. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
}

const widths = { small: "w-104", medium: "w-150", large: "w-240" } as const;
const backdrop =
  "fixed inset-0 z-40 bg-shade transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0";

export function Dialog(props: DialogProps) {
  return (
    <Base.Root open={props.open} onOpenChange={(open) => props.onOpenChange(open)}>
      <Base.Portal>
        <Base.Backdrop className={backdrop} />
        <Base.Popup
          data-modal=""
          {...(props.initialFocus === undefined ? {} : { initialFocus: props.initialFocus })}
          className={clsx(
            "fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100vh-48px)] max-w-[calc(100vw-48px)] -translate-x-1/2 -translate-y-1/2 flex-col overflow-hidden rounded-lg border border-line bg-surface text-text shadow-dialog",
            "transition-[opacity,scale] duration-150 ease-calm data-ending-style:scale-98 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0",
            widths[props.width ?? "medium"],
          )}
        >
          <Frame {...props} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function Frame({ title, description, children, foot }: DialogProps) {
  return (
    <>
      <header className="border-b border-line pt-4 pr-15 pb-3 pl-5">
        <Base.Title className="truncate text-lg font-semibold">{title}</Base.Title>
        {description !== undefined && (
          <Base.Description className="mt-0.5 text-sm text-muted" render={<div />}>
            {description}
          </Base.Description>
        )}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
      {foot !== undefined && (
        <footer className="flex items-center justify-end gap-2 border-t border-line bg-sunken px-5 py-3">
          {foot}
        </footer>
      )}
      {/* The last one: what opens with the focus on its first control has it on its first field or on Cancel. */}
      <Base.Close
        aria-label="Close"
        className="absolute top-4 right-3.5 flex size-7 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
      >
        <X aria-hidden className="size-4" />
      </Base.Close>
    </>
  );
}
