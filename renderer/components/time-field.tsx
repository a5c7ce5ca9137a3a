// A time of day by the 24-hour clock, whatever the browser's locale says: typed, or stepped with the arrow keys.
import { type KeyboardEvent, useState } from "react";
import { timesText } from "../text/times.ts";
import { TextField } from "./text-field.tsx";
import { isInFull, readTime, stepTime } from "./time-of-day.ts";

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
  const takeOver = (text: string | undefined): void => {
    const time = text === undefined ? undefined : readTime(text);
    // The last whole time stays until there is a new one.
    if (time !== undefined && time !== value) onValueChange(time);
  };
  const type = (text: string): void => {
    setDraft(text);
    // "1:00" may be what is left of "18:00" on its way to "19:00".
    if (isInFull(text)) takeOver(text);
  };
  const leave = (): void => {
    takeOver(draft);
    setDraft(undefined);
  };
  const press = (event: KeyboardEvent<HTMLInputElement>): void => {
    // Nothing is kept from the form that the key may send off.
    if (event.key === "Enter") leave();
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const field = event.currentTarget;
    const caret = field.selectionStart ?? 0;
    const part = caret <= 2 ? "hour" : "minute";
    setDraft(undefined);
    onValueChange(stepTime(readTime(draft ?? value) ?? value, part, event.key === "ArrowUp" ? 1 : -1));
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
      onValueChange={type}
      onKeyDown={press}
      onBlur={leave}
    />
  );
}
