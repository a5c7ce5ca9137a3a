// One of a few choices, each with a line that says what it means; one that cannot be had says why.
import { useId } from "react";

export interface Choice<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly hint: string;
  /** Why it cannot be chosen. */
  readonly unavailable?: string | undefined;
  /** Marked as something to think about twice. */
  readonly danger?: boolean;
}

export function ChoiceList<V extends string>({
  label,
  value,
  choices,
  onValueChange,
}: {
  readonly label: string;
  readonly value: V;
  readonly choices: readonly Choice<V>[];
  readonly onValueChange: (value: V) => void;
}) {
  const group = useId();
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="hidden-text">{label}</legend>
      {choices.map((choice) => (
        <OneChoice
          key={choice.value}
          group={group}
          choice={choice}
          checked={choice.value === value}
          onChoose={() => onValueChange(choice.value)}
        />
      ))}
    </fieldset>
  );
}

function OneChoice<V extends string>({
  group,
  choice,
  checked,
  onChoose,
}: {
  readonly group: string;
  readonly choice: Choice<V>;
  readonly checked: boolean;
  readonly onChoose: () => void;
}) {
  const id = useId();
  const { label, hint, unavailable, danger = false } = choice;
  const disabled = unavailable !== undefined && !checked;
  return (
    <div
      className={`grid grid-cols-[1rem_minmax(0,1fr)] items-start gap-x-2.5 rounded-md px-2 py-1.5 ${disabled ? "" : "hover:bg-hover"}`}
    >
      <input
        type="radio"
        id={id}
        name={group}
        checked={checked}
        disabled={disabled}
        aria-describedby={`${id}-hint`}
        onChange={onChoose}
        className="mt-0.5 size-4 accent-accent focus-visible:outline-2 focus-visible:outline-offset-2 focus-visible:outline-accent"
      />
      <label htmlFor={id} className={`text-sm ${danger ? "text-bad" : ""} ${disabled ? "text-muted" : ""}`}>
        {label}
      </label>
      <p id={`${id}-hint`} className="col-start-2 text-xs text-muted">
        {unavailable ?? hint}
      </p>
    </div>
  );
}
