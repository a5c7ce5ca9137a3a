// A split whose sizes are kept by the engine under a name.
import type { ComponentProps } from "react";
import { z } from "zod";
import { setSetting, useSettings } from "../state/settings.ts";
import { SplitGroup } from "./splitter.tsx";

const layoutSchema = z.record(z.string(), z.number().min(0).max(100));

/** Draw it when the settings are loaded: the sizes are taken once, at the start. */
export function RememberedSplit({
  name,
  ...rest
}: ComponentProps<typeof SplitGroup> & {
  /** Letters and digits. */
  readonly name: string;
}) {
  const key = `layout.${name}`;
  const kept = layoutSchema.safeParse(useSettings((state) => state.values[key]));
  return (
    <SplitGroup
      {...rest}
      {...(kept.success ? { defaultLayout: kept.data } : {})}
      onLayoutChanged={(layout, { isUserInteraction }) => {
        if (isUserInteraction) setSetting(key, layout);
      }}
    />
  );
}
