// A choice of one from a short list.
import { Select as Base } from "@base-ui/react/select";
import { clsx } from "clsx";
import { Check, ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";

interface SelectOption<V extends string> {
  readonly value: V;
  readonly label: string;
  /** Second, quieter line. */
  readonly hint?: string;
  readonly icon?: ReactNode;
}

export interface SelectProps<V extends string> {
  readonly label: string;
  readonly value: V | null;
  readonly options: readonly SelectOption<V>[];
  readonly onValueChange: (value: V) => void;
  readonly placeholder?: string;
  /** Keeps the label for screen readers only. */
  readonly labelHidden?: boolean;
  readonly disabled?: boolean;
  /** As high as the other fields of a screen's head. */
  readonly inBar?: boolean;
  readonly className?: string;
}

export function Select<V extends string>(props: SelectProps<V>) {
  const {
    label,
    value,
    options,
    onValueChange,
    placeholder,
    labelHidden = false,
    disabled = false,
    inBar = false,
    className,
  } = props;
  return (
    <div className={clsx("flex min-w-0 flex-col gap-1", className)}>
      <Base.Root
        items={options}
        value={value}
        onValueChange={(next: V | null) => next !== null && onValueChange(next)}
        disabled={disabled}
      >
        <Base.Label className={labelHidden ? "hidden-text" : "text-xs font-medium text-text"}>
          {label}
        </Base.Label>
        <Base.Trigger
          className={clsx(
            "flex min-w-0 items-center justify-between gap-2 rounded-md border border-control bg-surface text-text hover:bg-hover focus-visible:outline-2 focus-visible:outline-accent data-disabled:opacity-50",
            inBar ? "h-7 px-2 text-xs" : "h-8 px-2.5 text-sm",
          )}
        >
          <Base.Value className="truncate data-placeholder:text-muted" placeholder={placeholder ?? ""} />
          <Base.Icon>
            <ChevronsUpDown aria-hidden className="size-3.5 text-muted" />
          </Base.Icon>
        </Base.Trigger>
        <Base.Portal>
          <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-60">
            <Base.Popup className="max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto rounded-lg border border-line bg-raised p-1 text-sm text-text shadow-pop">
              <Base.List>
                {options.map((option) => (
                  <Base.Item
                    key={option.value}
                    value={option.value}
                    className="flex min-h-7 items-center gap-2 rounded-sm px-2 py-1 outline-none data-highlighted:bg-accent-soft"
                  >
                    {option.icon}
                    <div className="min-w-0 flex-1">
                      <Base.ItemText>{option.label}</Base.ItemText>
                      {option.hint !== undefined && <div className="text-xs text-muted">{option.hint}</div>}
                    </div>
                    <Base.ItemIndicator>
                      <Check aria-hidden className="size-3.5 text-accent" />
                    </Base.ItemIndicator>
                  </Base.Item>
                ))}
              </Base.List>
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </div>
  );
}
