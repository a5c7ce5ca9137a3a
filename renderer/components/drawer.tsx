// A drawer at the right edge, over the screen: looks at one thing while the rest stays in place.
import { Dialog as Base } from "@base-ui/react/dialog";
import { clsx } from "clsx";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { isUnderOverlay } from "../state/navigation.ts";
import { commonText } from "../text/common.ts";

export interface DrawerProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** Buttons beside the title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly width?: "medium" | "wide";
}

export function Drawer({
  open,
  onOpenChange,
  title,
  description,
  actions,
  children,
  width = "medium",
}: DrawerProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => (next || !isUnderOverlay()) && onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-shade transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          data-modal=""
          className={clsx(
            "fixed inset-y-0 right-0 z-50 flex max-w-[calc(100vw-48px)] flex-col border-l border-line bg-surface text-text shadow-dialog",
            "transition-[translate] duration-200 ease-calm data-ending-style:translate-x-full data-starting-style:translate-x-full",
            width === "wide" ? "w-260" : "w-170",
          )}
        >
          <header className="flex items-start gap-3 border-b border-line px-5 pt-4 pb-3">
            <div className="min-w-0 flex-1">
              <Base.Title className="truncate text-lg font-semibold">{title}</Base.Title>
              {description !== undefined && (
                <Base.Description className="mt-0.5 text-sm text-muted" render={<div />}>
                  {description}
                </Base.Description>
              )}
            </div>
            {actions}
            <Base.Close
              aria-label={commonText.close}
              className="-mr-1.5 flex size-7 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
            >
              <X aria-hidden className="size-4" />
            </Base.Close>
          </header>
          <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-5 py-4">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
