// Settings as JSON text: what differs from the defaults, and what is wrong with a text that somebody brings.
import {
  isSettingKey,
  readSetting,
  type SettingKey,
  settingKeys,
  settingSchemas,
} from "../../../shared/settings.ts";
import { jsonText } from "../../text/settings.ts";

type Values = Readonly<Record<string, unknown>>;

/** Known settings that differ from their defaults, in their order. */
export function changedSettings(values: Values): Values {
  return Object.fromEntries(
    settingKeys
      .filter((key) => JSON.stringify(readSetting(values, key)) !== JSON.stringify(readSetting({}, key)))
      .map((key) => [key, readSetting(values, key)]),
  );
}

export function settingsAsText(values: Values): string {
  return `${JSON.stringify(changedSettings(values), undefined, 2)}\n`;
}

export type ReadText =
  | { readonly values: Values; readonly problems: readonly [] }
  | { readonly values: undefined; readonly problems: readonly string[] };

/** All that is wrong at once; each problem names its key. */
export function readSettingsText(text: string): ReadText {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : "";
    return { values: undefined, problems: [`${jsonText.notJson}: ${why}`] };
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    return { values: undefined, problems: [jsonText.notObject] };
  const entries = Object.entries(parsed);
  const problems = entries.flatMap(([key, value]) => problemOf(key, value));
  return problems.length > 0
    ? { values: undefined, problems }
    : { values: Object.fromEntries(entries), problems: [] };
}

function problemOf(key: string, value: unknown): readonly string[] {
  if (!isSettingKey(key)) return [jsonText.unknown(key)];
  const result = settingSchemas[key].safeParse(value);
  if (result.success) return [];
  return result.error.issues.map((issue) => jsonText.invalid([key, ...issue.path].join("."), issue.message));
}

/** What must be set so that these values hold: null for what goes back to its default. */
export function changesTo(wanted: Values, now: Values): readonly (readonly [SettingKey, unknown])[] {
  return settingKeys.flatMap((key) => {
    const next = readSetting(wanted, key);
    if (JSON.stringify(next) === JSON.stringify(readSetting(now, key))) return [];
    const isDefault = JSON.stringify(next) === JSON.stringify(readSetting({}, key));
    return [[key, isDefault ? null : next] as const];
  });
}
