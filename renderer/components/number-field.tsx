// A number with its limits; arrows change it.
import { NumberField as Base } from "@base-ui/react/number-field";
import { clsx } from "clsx";
import { Minus, Plus } from "lucide-react";
import { useId } from "react";

export interface NumberFieldProps {
  readonly label: string;
  /** Null = empty. */
  readonly value: number | null;
  readonly onValueChange: (value: number | null) => void;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly disabled?: boolean;
  readonly labelHidden?: boolean;
  readonly placeholder?: string;
  /** What it counts, behind the number. */
  readonly unit?: string;
  readonly className?: string;
}

const button =
  "flex w-6 items-center justify-center text-muted hover:bg-hover hover:text-text data-disabled:opacity-50";

export function NumberField({
  label,
  value,
  onValueChange,
  min,
  max,
  step = 1,
  disabled = false,
  labelHidden = false,
  placeholder,
  unit,
  className,
}: NumberFieldProps) {
  const id = useId();
  return (
    <Base.Root
      id={id}
      value={value}
      onValueChange={(next) => onValueChange(next)}
      {...(min === undefined ? {} : { min })}
      {...(max === undefined ? {} : { max })}
      step={step}
      disabled={disabled}
      className={clsx("flex min-w-0 flex-col gap-1", className)}
    >
      <label htmlFor={id} className={labelHidden ? "hidden-text" : "text-xs font-medium text-text"}>
        {label}
      </label>
      <Base.Group className="flex h-8 items-stretch overflow-hidden rounded-md border border-control bg-surface focus-within:outline-2 focus-within:outline-accent">
        <Base.Decrement className={button}>
          <Minus aria-hidden className="size-3" />
        </Base.Decrement>
        <Base.Input
          placeholder={placeholder}
          className="w-full min-w-0 bg-transparent px-1 text-center text-sm text-text outline-none"
        />
        {unit !== undefined && (
          <span className="self-center pr-1 text-xs whitespace-nowrap text-muted">{unit}</span>
        )}
        <Base.Increment className={button}>
          <Plus aria-hidden className="size-3" />
        </Base.Increment>
      </Base.Group>
    </Base.Root>
  );
}
