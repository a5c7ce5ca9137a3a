// The options of the last transfer that was started: the next one begins with them.
import { defaultRunOptions, type RunOptions, runOptionsSchema } from "../../shared/run.ts";
import { setSetting, useSettings } from "./settings.ts";

const key = "planDefaults";

/** Neither deletes nor a choice of platforms carry over: each changes what arrives, and is decided for each transfer. */
const rememberedSchema = runOptionsSchema.pick({
  overwrite: true,
  keepBothSuffix: true,
  verifyBlobs: true,
  parallelImages: true,
  attachments: true,
  foreignLayers: true,
  bandwidth: true,
});

export function rememberedOptions(): RunOptions {
  const kept = rememberedSchema.safeParse(useSettings.getState().values[key] ?? {});
  return kept.success ? { ...defaultRunOptions, ...kept.data } : defaultRunOptions;
}

export function rememberOptions(options: RunOptions): void {
  setSetting(key, rememberedSchema.parse(options));
}

/** True where an option differs from what Freightliner begins with. */
export function differsFromDefaults(options: RunOptions): boolean {
  return JSON.stringify(runOptionsSchema.parse(options)) !== JSON.stringify(defaultRunOptions);
}
