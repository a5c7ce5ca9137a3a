// Appearance: theme, accent, density, type, motion, sizes and times.
import { Check } from "lucide-react";
import type { SettingValue } from "../../../shared/settings.ts";
import { setSetting, useSetting } from "../../state/settings.ts";
import { rowText, settingsText } from "../../text/settings.ts";
import { Section } from "./section.tsx";
import { ChoiceRow, SettingRow, useReset } from "./setting-row.tsx";

export function AppearanceSection() {
  return (
    <Section name="appearance">
      <ChoiceRow name="theme" />
      <AccentRow />
      <ChoiceRow name="density" />
      <ChoiceRow name="fontSize" />
      <ChoiceRow name="motion" />
      <ChoiceRow name="units" />
      <ChoiceRow name="times" />
    </Section>
  );
}

const swatches: Readonly<Record<SettingValue<"accent">, string>> = {
  teal: "bg-swatch-teal",
  blue: "bg-swatch-blue",
  violet: "bg-swatch-violet",
  amber: "bg-swatch-amber",
};

function AccentRow() {
  const accent = useSetting("accent");
  const title = rowText("accent").title;
  return (
    <SettingRow name="accent" reset={useReset("accent", title)}>
      <fieldset className="flex gap-2">
        <legend className="hidden-text">{title}</legend>
        {(Object.keys(swatches) as SettingValue<"accent">[]).map((name) => (
          <label
            key={name}
            title={settingsText.options.accent[name]}
            className={`relative flex size-7 items-center justify-center rounded-full border border-line text-swatch-ink has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent forced-colors:forced-color-adjust-none ${swatches[name]}`}
          >
            <input
              type="radio"
              name="accent"
              value={name}
              aria-label={settingsText.options.accent[name]}
              checked={accent === name}
              onChange={() => setSetting("accent", name)}
              className="absolute inset-0 appearance-none rounded-full outline-none"
            />
            {accent === name && <Check aria-hidden className="size-4" strokeWidth={3} />}
          </label>
        ))}
      </fieldset>
    </SettingRow>
  );
}
