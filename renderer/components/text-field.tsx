// One line of text with its label, hint and error.
import { Field } from "@base-ui/react/field";
import { clsx } from "clsx";
import type { ComponentPropsWithRef, ReactNode } from "react";

const inputLook =
  "h-8 w-full min-w-0 rounded-md border border-control bg-surface px-2.5 text-sm text-text " +
  "placeholder:text-muted focus-visible:outline-2 focus-visible:outline-accent focus-visible:-outline-offset-1 " +
  "disabled:opacity-50";

export interface TextFieldProps
  extends Omit<ComponentPropsWithRef<"input">, "value" | "onChange" | "defaultValue"> {
  readonly label: string;
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  readonly hint?: ReactNode;
  /** Shown instead of the hint; marks the field as invalid. */
  readonly error?: string | undefined;
  /** Keeps the label for screen readers only. */
  readonly labelHidden?: boolean;
}

export function TextField({
  label,
  value,
  onValueChange,
  hint,
  error,
  labelHidden = false,
  className,
  ...rest
}: TextFieldProps) {
  return (
    <Field.Root invalid={error !== undefined} className={clsx("flex min-w-0 flex-col gap-1", className)}>
      <Field.Label className={labelHidden ? "hidden-text" : "text-xs font-medium text-text"}>
        {label}
      </Field.Label>
      <Field.Control
        {...rest}
        value={value}
        onValueChange={(next) => onValueChange(next)}
        className={clsx(inputLook, error !== undefined && "border-bad")}
        spellCheck={false}
        autoCapitalize="off"
      />
      {error !== undefined ? (
        <Field.Error match className="text-xs text-bad">
          {error}
        </Field.Error>
      ) : hint !== undefined ? (
        <Field.Description className="text-xs text-muted">{hint}</Field.Description>
      ) : null}
    </Field.Root>
  );
}
