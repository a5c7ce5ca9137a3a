// One of a few, all in sight.
import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import { clsx } from "clsx";
import type { ReactNode } from "react";

export interface SegmentedProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: ReactNode; readonly name?: string }[];
  readonly onValueChange: (value: V) => void;
  readonly disabled?: boolean;
  readonly className?: string;
}

export function Segmented<V extends string>({
  label,
  value,
  options,
  onValueChange,
  disabled = false,
  className,
}: SegmentedProps<V>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      disabled={disabled}
      onValueChange={(next) => {
        const chosen = options.find((option) => next.includes(option.value) && option.value !== value);
        if (chosen !== undefined) onValueChange(chosen.value);
      }}
      className={clsx("inline-flex h-7 rounded-md border border-line bg-sunken p-px", className)}
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          {...(option.name === undefined ? {} : { "aria-label": option.name })}
          className="flex items-center gap-1 rounded-sm px-2 text-xs text-muted hover:text-text focus-visible:outline-2 focus-visible:outline-accent data-pressed:bg-raised data-pressed:font-medium data-pressed:text-text data-pressed:shadow-raised forced-colors:data-pressed:outline-2 forced-colors:data-pressed:-outline-offset-2"
        >
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
