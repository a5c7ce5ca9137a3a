// A dialog that takes nearly the whole window: title, body without padding, foot. A click beside it does not close it.
import { Dialog as Base } from "@base-ui/react/dialog";
import { clsx } from "clsx";
import { X } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { isUnderOverlay } from "../state/navigation.ts";
import { commonText } from "../text/common.ts";

export interface SheetProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly description: ReactNode;
  readonly children: ReactNode;
  readonly foot: ReactNode;
  readonly initialFocus?: RefObject<HTMLElement | null>;
}

export function Sheet({ open, onClose, title, description, children, foot, initialFocus }: SheetProps) {
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => !next && !isUnderOverlay() && onClose()}
      disablePointerDismissal
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-shade transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          {...(initialFocus === undefined ? {} : { initialFocus })}
          data-modal
          data-sheet
          className={clsx(
            "fixed top-1/2 left-1/2 z-40 flex h-[calc(100vh-48px)] max-h-280 w-[calc(100vw-48px)] max-w-400 -translate-x-1/2 -translate-y-1/2 flex-col overflow-hidden rounded-lg border border-line bg-surface text-text shadow-dialog outline-none",
            "transition-[opacity,scale] duration-150 ease-calm data-ending-style:scale-98 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0",
          )}
        >
          <header className="flex items-center gap-3 border-b border-line px-5 py-3">
            <Base.Title className="shrink-0 text-lg font-semibold">{title}</Base.Title>
            <Base.Description className="min-w-0 flex-1 text-sm text-muted" render={<div />}>
              {description}
            </Base.Description>
            <Base.Close
              aria-label={commonText.close}
              className="-mr-1.5 flex size-7 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
            >
              <X aria-hidden className="size-4" />
            </Base.Close>
          </header>
          {/* In a window that is smaller than this they scroll: nothing covers anything. */}
          <div className="min-h-0 flex-1 overflow-auto">
            <div className="flex h-full min-h-80 min-w-200 flex-col">{children}</div>
          </div>
          <footer className="shrink-0 overflow-x-auto border-t border-line bg-sunken">
            <div className="flex min-w-200 items-center justify-end gap-2 px-5 py-3">{foot}</div>
          </footer>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
