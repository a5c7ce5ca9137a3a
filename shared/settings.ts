// What a person can set, by key: each with its schema and default. Keys that are not named here belong to the window alone.
import { z } from "zod";

const schemas = {
  theme: z.enum(["system", "light", "dark"]).default("system"),
  accent: z.enum(["teal", "blue", "violet", "amber"]).default("teal"),
  density: z.enum(["compact", "normal", "roomy"]).default("normal"),
  fontSize: z.enum(["small", "normal", "large"]).default("normal"),
  motion: z.enum(["system", "reduced"]).default("system"),
  /** KiB of 1024 or kB of 1000 bytes. */
  units: z.enum(["binary", "decimal"]).default("binary"),
  times: z.enum(["relative", "exact"]).default("relative"),
  /** Which ends of runs are told by the operating system. */
  notifications: z
    .object({
      succeeded: z.boolean().default(true),
      failed: z.boolean().default(true),
      signInNeeded: z.boolean().default(true),
      /** Not while the window has the focus. */
      quietWhileFocused: z.boolean().default(true),
      /** Runs shorter than that are not told, in seconds. */
      shortest: z.number().int().min(0).max(86_400).default(10),
    })
    .prefault({}),
  /** What happens when the last transfer has ended. */
  afterQueue: z.enum(["nothing", "notify", "quit"]).default("nothing"),
  keepAwake: z.boolean().default(true),
  /** Closing the window leaves the program in the tray. */
  closeToTray: z.boolean().default(false),
  /** Days after which ended runs are removed from the history; null = never. */
  historyDays: z.number().int().min(1).max(3650).nullable().default(null),
  /** Backups of the database that are kept; 0 = none are made. */
  backups: z.number().int().min(0).max(30).default(5),
  checkForUpdates: z.boolean().default(true),
  /** Keys of commands that differ from their defaults: command id to a combination like "Mod+Shift+K", or "" for none. */
  shortcuts: z.record(z.string().max(61), z.string().max(40)).default({}),
} as const;

export type SettingKey = keyof typeof schemas;
export type SettingValue<K extends SettingKey> = z.output<(typeof schemas)[K]>;
export const settingKeys = Object.keys(schemas) as readonly SettingKey[];
export const settingSchemas: { readonly [K in SettingKey]: z.ZodType<SettingValue<K>> } = schemas;

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(schemas, key);
}

/** The value that holds: what was set, or the default where nothing (or something unreadable) was. */
export function readSetting<K extends SettingKey>(
  values: Readonly<Record<string, unknown>>,
  key: K,
): SettingValue<K> {
  const schema = settingSchemas[key];
  const parsed = schema.safeParse(values[key] ?? undefined);
  return parsed.success ? parsed.data : schema.parse(undefined);
}
