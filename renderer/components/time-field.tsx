// A time of day by the 24-hour clock, whatever the browser's locale says: typed, or stepped with the arrow keys.
import { type KeyboardEvent, useState } from "react";
import { timesText } from "../text/times.ts";
import { TextField } from "./text-field.tsx";
import { readTime, stepTime } from "./time-of-day.ts";

export function TimeField({
  label,
  labelHidden = false,
  value,
  onValueChange,
  className,
}: {
  readonly label: string;
  readonly labelHidden?: boolean;
  /** `HH:MM`. */
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  readonly className?: string;
}) {
  /** What is being typed; nothing as long as the field shows its value. */
  const [draft, setDraft] = useState<string>();
  const take = (text: string): void => {
    setDraft(text);
    const time = readTime(text);
    // The last whole time stays until there is a new one.
    if (time !== undefined && time !== value) onValueChange(time);
  };
  const step = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const field = event.currentTarget;
    const caret = field.selectionStart ?? 0;
    const part = caret <= 2 ? "hour" : "minute";
    setDraft(undefined);
    onValueChange(stepTime(value, part, event.key === "ArrowUp" ? 1 : -1));
    // The caret stays in the part that it steps.
    requestAnimationFrame(() => field.setSelectionRange(caret, caret));
  };
  return (
    <TextField
      label={label}
      labelHidden={labelHidden}
      className={className}
      inputMode="numeric"
      autoComplete="off"
      maxLength={5}
      placeholder={timesText.form}
      aria-invalid={draft !== undefined && readTime(draft) === undefined}
      value={draft ?? value}
      onValueChange={take}
      onKeyDown={step}
      onBlur={() => setDraft(undefined)}
    />
  );
}
