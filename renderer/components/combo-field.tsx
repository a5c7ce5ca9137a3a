// A choice from a long list that is narrowed by typing.
import { Combobox as Base } from "@base-ui/react/combobox";
import { clsx } from "clsx";
import { Check, ChevronsUpDown } from "lucide-react";
import { useId } from "react";

export interface ComboFieldProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly onValueChange: (value: string) => void;
  /** Names the button that shows the list. */
  readonly showLabel: string;
  /** Said where nothing matches what was typed. */
  readonly empty: string;
  readonly disabled?: boolean;
  readonly className?: string;
}

export function ComboField(props: ComboFieldProps) {
  const id = useId();
  const { label, value, options, onValueChange, showLabel, empty, disabled = false, className } = props;
  return (
    <Base.Root
      items={options}
      value={value}
      onValueChange={(next: string | null) => next !== null && onValueChange(next)}
      disabled={disabled}
    >
      <div className={clsx("flex min-w-0 flex-col gap-1", className)}>
        <label htmlFor={id} className="text-xs font-medium text-text">
          {label}
        </label>
        <Base.InputGroup className="flex h-8 items-center rounded-md border border-control bg-surface focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent">
          <Base.Input
            id={id}
            spellCheck={false}
            className="h-full w-full min-w-0 bg-transparent px-2.5 text-sm text-text outline-none"
          />
          <Base.Trigger
            aria-label={showLabel}
            className="flex h-full w-7 shrink-0 items-center justify-center text-muted hover:text-text"
          >
            <ChevronsUpDown aria-hidden className="size-3.5" />
          </Base.Trigger>
        </Base.InputGroup>
      </div>
      <Base.Portal>
        <Base.Positioner sideOffset={4} className="z-60">
          <Base.Popup className="max-h-[min(18rem,var(--available-height))] w-(--anchor-width) overflow-y-auto rounded-lg border border-line bg-raised p-1 text-sm text-text shadow-pop">
            <Base.Empty className="px-2 py-1 text-xs text-muted empty:hidden">{empty}</Base.Empty>
            <Base.List>
              {(option: string) => (
                <Base.Item
                  key={option}
                  value={option}
                  className="flex min-h-7 items-center gap-2 rounded-sm px-2 py-1 outline-none data-highlighted:bg-accent-soft"
                >
                  <span className="min-w-0 flex-1 truncate">{option}</span>
                  <Base.ItemIndicator>
                    <Check aria-hidden className="size-3.5 text-accent" />
                  </Base.ItemIndicator>
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
