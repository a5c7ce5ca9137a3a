// The timetable of the bandwidth: its rules, and the week as a picture.
import { Toggle } from "@base-ui/react/toggle";
import { ArrowUp, Plus, Trash2 } from "lucide-react";
import type { BandwidthRule, Limits } from "../../../shared/limits.ts";
import { Button, IconButton } from "../../components/button.tsx";
import { TimeField } from "../../components/time-field.tsx";
import { useSpeed } from "../../state/formats.ts";
import { timetableText } from "../../text/settings.ts";
import { BandwidthField } from "./bandwidth-field.tsx";
import {
  longDay,
  minutesADay,
  newRule,
  type Stretch,
  shortDay,
  stretchesOf,
  timeOf,
  weekdays,
} from "./week.ts";

export function Timetable({
  limits,
  onChange,
}: {
  readonly limits: Limits;
  readonly onChange: (timetable: readonly BandwidthRule[]) => void;
}) {
  const rules = limits.timetable;
  return (
    <div className="flex flex-col gap-3">
      {rules.length > 0 && (
        <ol aria-label={timetableText.rules} className="flex flex-col gap-2">
          {rules.map((rule, index) => (
            <RuleLine
              // biome-ignore lint/suspicious/noArrayIndexKey: two rules may be equal; their place is what they are
              key={index}
              number={index + 1}
              rule={rule}
              onChange={(next) => onChange(rules.with(index, next))}
              onRemove={() => onChange(rules.toSpliced(index, 1))}
              onUp={() => onChange(rules.toSpliced(index, 1).toSpliced(index - 1, 0, rule))}
            />
          ))}
        </ol>
      )}
      <div>
        <Button
          size="small"
          icon={<Plus aria-hidden className="size-3.5" />}
          disabled={rules.length >= 50}
          onClick={() => onChange([...rules, newRule])}
        >
          {timetableText.add}
        </Button>
      </div>
      {rules.length > 0 && <WeekPicture limits={limits} />}
    </div>
  );
}

function RuleLine({
  number,
  rule,
  onChange,
  onRemove,
  onUp,
}: {
  readonly number: number;
  readonly rule: BandwidthRule;
  readonly onChange: (rule: BandwidthRule) => void;
  readonly onRemove: () => void;
  readonly onUp: () => void;
}) {
  const name = timetableText.rule(number);
  const time = (which: "from" | "to") => (
    <TimeField
      label={`${name}: ${timetableText[which]}`}
      labelHidden
      className="w-16"
      value={rule[which]}
      onValueChange={(time) => onChange({ ...rule, [which]: time })}
    />
  );
  return (
    <li
      aria-label={name}
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md bg-sunken px-3 py-2"
    >
      <Days name={name} days={rule.days} onChange={(days) => onChange({ ...rule, days })} />
      <span className="flex items-center gap-1.5 text-xs text-muted">
        {time("from")}
        {timetableText.until}
        {time("to")}
      </span>
      <BandwidthField
        label={`${name}: ${timetableText.limit}`}
        value={rule.bytesPerSecond}
        onChange={(bytesPerSecond) => onChange({ ...rule, bytesPerSecond })}
      />
      <span className="ml-auto flex gap-1">
        <IconButton
          label={timetableText.up(number)}
          icon={<ArrowUp aria-hidden className="size-3.5" />}
          disabled={number === 1}
          onClick={onUp}
        />
        <IconButton
          label={timetableText.remove(number)}
          icon={<Trash2 aria-hidden className="size-3.5" />}
          onClick={onRemove}
        />
      </span>
    </li>
  );
}

/** All days where none is chosen, as the rule means it. */
function Days({
  name,
  days,
  onChange,
}: {
  readonly name: string;
  readonly days: readonly number[];
  readonly onChange: (days: number[]) => void;
}) {
  const chosen = (day: number): boolean => days.length === 0 || days.includes(day);
  const toggle = (day: number): void => {
    const next = weekdays.filter((one) => (one === day ? !chosen(one) : chosen(one)));
    // A rule for no day would be none; one for all days is written as an empty list.
    if (next.length > 0) onChange(next.length === 7 ? [] : next);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset lays out as a block
    <div role="group" aria-label={`${name}: ${timetableText.days}`} className="flex gap-0.5">
      {weekdays.map((day) => (
        <Toggle
          key={day}
          aria-label={longDay(day)}
          pressed={chosen(day)}
          onPressedChange={() => toggle(day)}
          className="h-7 w-9 rounded-md border border-line text-2xs text-muted hover:bg-hover focus-visible:outline-2 focus-visible:outline-accent data-pressed:border-accent data-pressed:bg-accent-soft data-pressed:font-medium data-pressed:text-accent-strong forced-colors:data-pressed:border-[Highlight] forced-colors:data-pressed:border-2"
        >
          {shortDay(day)}
        </Toggle>
      ))}
    </div>
  );
}

function WeekPicture({ limits }: { readonly limits: Limits }) {
  const speed = useSpeed();
  const say = (value: number | null): string => (value === null ? timetableText.noLimit : speed(value));
  return (
    <figure aria-label={timetableText.picture} className="flex flex-col gap-0.5">
      {weekdays.map((day) => {
        const stretches = stretchesOf(limits, day);
        const spoken = stretches.map(
          (one) => `${timeOf(one.from)}–${timeOf(one.to)} ${say(one.bytesPerSecond)}`,
        );
        return (
          <div key={day} className="flex items-center gap-2">
            <span aria-hidden className="w-8 text-2xs text-muted">
              {shortDay(day)}
            </span>
            <div
              role="img"
              aria-label={`${longDay(day)}: ${spoken.join(", ")}`}
              className="relative h-5 flex-1 overflow-hidden rounded-sm border border-line"
            >
              {stretches.map((stretch) => (
                <Bar key={stretch.from} stretch={stretch} text={say(stretch.bytesPerSecond)} />
              ))}
            </div>
          </div>
        );
      })}
      <div aria-hidden className="flex justify-between pl-10 text-2xs text-muted">
        {[0, 6, 12, 18, 24].map((hour) => (
          <span key={hour}>{timeOf(hour * 60)}</span>
        ))}
      </div>
    </figure>
  );
}

function Bar({ stretch, text }: { readonly stretch: Stretch; readonly text: string }) {
  const share = (minutes: number): string => `${(minutes / minutesADay) * 100}%`;
  const limited = stretch.bytesPerSecond !== null;
  return (
    <span
      title={`${timeOf(stretch.from)}–${timeOf(stretch.to)}: ${text}`}
      style={{ left: share(stretch.from), width: share(stretch.to - stretch.from) }}
      className={`absolute inset-y-0 flex items-center overflow-hidden border-r border-line px-1 text-2xs whitespace-nowrap ${limited ? "bg-accent-soft text-accent-strong" : "text-muted"}`}
    >
      {text}
    </span>
  );
}
