// One setting: its name and hint, its control, and the way back to the default where it was changed.
import { clsx } from "clsx";
import { RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import type { SettingKey } from "../../../shared/settings.ts";
import { IconButton } from "../../components/button.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { Switch } from "../../components/switch.tsx";
import { showToast } from "../../components/toast.tsx";
import { setSetting, settingNow, useSetting, useSettings } from "../../state/settings.ts";
import { rowText, type SettingRowName, settingsText } from "../../text/settings.ts";
import { useIsShown } from "./shown-rows.ts";

export interface SettingRowProps {
  readonly name: SettingRowName;
  readonly children: ReactNode;
  /** Where the row is more than one setting of its own: when it is changed, and how it becomes the default. */
  readonly reset?: { readonly changed: boolean; readonly onReset: () => void };
  /** The control is below the words and as wide as they. */
  readonly stacked?: boolean;
}

export function SettingRow({ name, children, reset, stacked = false }: SettingRowProps) {
  const shown = useIsShown(name);
  if (!shown) return null;
  const { title, hint } = rowText(name);
  return (
    <div
      id={`setting-${name}`}
      tabIndex={-1}
      className={clsx(
        "flex scroll-mt-4 gap-x-6 gap-y-2 border-b border-line px-4 py-3 last:border-b-0 focus-visible:-outline-offset-2",
        stacked ? "flex-col" : "min-h-14 items-center",
      )}
    >
      <div className="flex min-w-0 flex-1 items-center gap-2">
        <div className="min-w-0 flex-1">
          <div className="text-sm font-medium">{title}</div>
          {hint !== undefined && <div className="text-xs text-muted">{hint}</div>}
        </div>
        {/* The room is always kept: a change does not move the control. */}
        <span className="size-6 shrink-0">
          {reset?.changed === true && (
            <IconButton
              label={settingsText.reset(title)}
              icon={<RotateCcw aria-hidden className="size-3.5" />}
              onClick={reset.onReset}
            />
          )}
        </span>
      </div>
      <div className={clsx("min-w-0", stacked ? "w-full" : "flex w-76 shrink-0 justify-end")}>{children}</div>
    </div>
  );
}

/** Whether a known setting was changed, and its way back, which can be undone. */
export function useReset(key: SettingKey, title: string): NonNullable<SettingRowProps["reset"]> {
  const changed = useSettings(({ values }) => values[key] !== undefined);
  return {
    changed,
    onReset: () => {
      const before = settingNow(key);
      setSetting(key, null);
      showToast({ title: settingsText.wasReset(title), undo: () => setSetting<string>(key, before) });
    },
  };
}

/** The way back of what is more than one setting; what it was before can be put back. */
export function resetTo(
  title: string,
  changed: boolean,
  reset: () => void,
  putBack: () => void,
): NonNullable<SettingRowProps["reset"]> {
  return {
    changed,
    onReset: () => {
      reset();
      showToast({ title: settingsText.wasReset(title), undo: putBack });
    },
  };
}

type ChoiceKey = keyof typeof settingsText.options;

/** A setting that is one of a few words. */
export function ChoiceRow<K extends ChoiceKey>({
  name,
  only,
}: {
  readonly name: K;
  /** Leaves out what this face cannot do. */
  readonly only?: (value: string) => boolean;
}) {
  const value: string = useSetting(name);
  const title = rowText(name).title;
  const reset = useReset(name, title);
  const options = Object.entries<string>(settingsText.options[name])
    .filter(([option]) => only?.(option) !== false)
    .map(([option, label]) => ({ value: option, label }));
  return (
    <SettingRow name={name} reset={reset}>
      <Segmented
        label={title}
        value={value}
        options={options}
        onValueChange={(next) => setSetting<string>(name, next)}
      />
    </SettingRow>
  );
}

/** A setting that is on or off. */
export function SwitchRow({ name }: { readonly name: "keepAwake" | "closeToTray" | "checkForUpdates" }) {
  const value = useSetting(name);
  const title = rowText(name).title;
  return (
    <SettingRow name={name} reset={useReset(name, title)}>
      <Switch label={title} labelHidden checked={value} onCheckedChange={(next) => setSetting(name, next)} />
    </SettingRow>
  );
}
