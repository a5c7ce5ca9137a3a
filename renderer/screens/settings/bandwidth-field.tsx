// A bandwidth to type: a number in the person's unit, or no limit.
import { NumberField } from "../../components/number-field.tsx";
import { Switch } from "../../components/switch.tsx";
import { useUnits } from "../../state/formats.ts";
import { timetableText } from "../../text/settings.ts";

const usual = 10;

export function BandwidthField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  /** Bytes per second; null = no limit. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}) {
  const binary = useUnits() === "binary";
  const factor = binary ? 1024 * 1024 : 1_000_000;
  return (
    <div className="flex items-center gap-3">
      {value === null ? (
        <span className="w-36 text-right text-xs text-muted">{timetableText.noLimit}</span>
      ) : (
        <NumberField
          label={label}
          labelHidden
          value={Math.round((value / factor) * 100) / 100}
          min={0.1}
          max={100_000}
          step={1}
          unit={binary ? "MiB/s" : "MB/s"}
          className="w-36"
          onValueChange={(next) => next !== null && onChange(Math.max(1024, Math.round(next * factor)))}
        />
      )}
      <Switch
        label={timetableText.limited(label)}
        labelHidden
        checked={value !== null}
        onCheckedChange={(on) => onChange(on ? usual * factor : null)}
      />
    </div>
  );
}
