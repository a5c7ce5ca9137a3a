// A switch for what takes effect at once; what waits for a button is a checkbox.
import { Switch as Base } from "@base-ui/react/switch";
import { clsx } from "clsx";
import type { ReactNode } from "react";

export interface SwitchProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onCheckedChange: (checked: boolean) => void;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
  readonly labelHidden?: boolean;
  readonly className?: string;
}

export function Switch({
  label,
  checked,
  onCheckedChange,
  hint,
  disabled = false,
  labelHidden = false,
  className,
}: SwitchProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the Base UI switch inside
    <label className={clsx("flex items-start gap-2 text-sm", className)}>
      <Base.Root
        checked={checked}
        onCheckedChange={(next) => onCheckedChange(next)}
        disabled={disabled}
        className="mt-px flex h-4 w-7 shrink-0 rounded-full border border-control bg-sunken p-px transition-colors duration-100 focus-visible:outline-2 focus-visible:outline-offset-1 focus-visible:outline-accent data-checked:border-accent data-checked:bg-accent data-disabled:opacity-50"
      >
        <Base.Thumb className="size-3 rounded-full bg-control transition-[translate] duration-100 data-checked:translate-x-3 data-checked:bg-on-accent forced-colors:border-6" />
      </Base.Root>
      <span className={labelHidden ? "hidden-text" : "min-w-0"}>
        {label}
        {hint !== undefined && <span className="block text-xs text-muted">{hint}</span>}
      </span>
    </label>
  );
}
