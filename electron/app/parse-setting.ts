// A setting on its way in: known keys are parsed by their schema, the window's own are kept as they are.
import { z } from "zod";
import { FreightlinerError } from "../../shared/errors.ts";
import { isSettingKey, settingSchemas } from "../../shared/settings.ts";
import { secretStorageKey } from "./secret-storage.ts";

/** @throws FreightlinerError `usage` that names the key and what was expected. */
export function parseSetting(key: string, value: unknown): unknown {
  if (key === secretStorageKey)
    throw new FreightlinerError({
      code: "usage",
      operation: "settings.set",
      message: "Where secrets are kept is chosen with secrets.choose, which takes them along.",
    });
  if (value === null) return undefined;
  if (!isSettingKey(key)) return value;
  const parsed = settingSchemas[key].safeParse(value);
  if (parsed.success) return parsed.data;
  throw new FreightlinerError({
    code: "usage",
    operation: "settings.set",
    message: `The setting "${key}" cannot be that: ${z.prettifyError(parsed.error).replace(/\s+/g, " ")}`,
  });
}
