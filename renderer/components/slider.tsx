// A slider with its value in words beside it.
import { Slider as Base } from "@base-ui/react/slider";
import { clsx } from "clsx";

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  /** The value as people read it. */
  readonly text: (value: number) => string;
  readonly onValueChange: (value: number) => void;
  /** Once, when it is let go. */
  readonly onValueCommitted?: (value: number) => void;
  readonly disabled?: boolean;
  readonly labelHidden?: boolean;
  readonly className?: string;
}

export function Slider({
  label,
  value,
  min,
  max,
  step = 1,
  text,
  onValueChange,
  onValueCommitted,
  disabled = false,
  labelHidden = false,
  className,
}: SliderProps) {
  return (
    <Base.Root
      value={value}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      onValueChange={(next) => onValueChange(next)}
      onValueCommitted={(next) => onValueCommitted?.(next)}
      className={clsx("flex min-w-0 items-center gap-2", className)}
    >
      <Base.Label className={labelHidden ? "hidden-text" : "shrink-0 text-xs text-muted"}>{label}</Base.Label>
      <Base.Control className="flex h-5 min-w-20 flex-1 items-center">
        <Base.Track className="h-1 w-full rounded-full bg-line-strong">
          <Base.Indicator className="rounded-full bg-accent" />
          <Base.Thumb
            aria-label={label}
            getAriaValueText={(_formatted, at) => text(at)}
            className="size-3.5 rounded-full border-2 border-accent bg-surface has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent"
          />
        </Base.Track>
      </Base.Control>
      <span className="w-20 shrink-0 text-right text-xs text-text">{text(value)}</span>
    </Base.Root>
  );
}
