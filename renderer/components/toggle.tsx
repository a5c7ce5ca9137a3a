// A checkbox with its label beside it.
import { Checkbox as BaseCheckbox } from "@base-ui/react/checkbox";
import { clsx } from "clsx";
import { Check, Minus } from "lucide-react";
import type { ReactNode } from "react";

interface ToggleProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onCheckedChange: (checked: boolean) => void;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
  readonly className?: string;
  /** Keeps the label for screen readers only. */
  readonly labelHidden?: boolean;
}

export function Checkbox({
  label,
  checked,
  onCheckedChange,
  indeterminate = false,
  hint,
  disabled = false,
  className,
  labelHidden = false,
}: ToggleProps & { readonly indeterminate?: boolean }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the Base UI checkbox inside
    <label className={clsx("flex items-start gap-2 text-sm", className)}>
      <BaseCheckbox.Root
        checked={checked}
        indeterminate={indeterminate}
        onCheckedChange={(next) => onCheckedChange(next)}
        disabled={disabled}
        className="mt-px flex size-4 shrink-0 items-center justify-center rounded-sm border border-control bg-surface focus-visible:outline-2 focus-visible:outline-accent data-checked:border-accent data-checked:bg-accent data-disabled:opacity-50 data-indeterminate:border-accent data-indeterminate:bg-accent"
      >
        <BaseCheckbox.Indicator className="text-on-accent">
          {indeterminate ? (
            <Minus aria-hidden className="size-3" strokeWidth={3} />
          ) : (
            <Check aria-hidden className="size-3" strokeWidth={3} />
          )}
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      <ToggleText label={label} hint={hint} hidden={labelHidden} />
    </label>
  );
}

function ToggleText({
  label,
  hint,
  hidden,
}: {
  readonly label: string;
  readonly hint: ReactNode;
  readonly hidden: boolean;
}) {
  return (
    <span className={hidden ? "hidden-text" : "min-w-0"}>
      {label}
      {hint !== undefined && <span className="block text-xs text-muted">{hint}</span>}
    </span>
  );
}
