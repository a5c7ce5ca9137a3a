// The contract's desktop methods: they are the shell's work, and refused where there is no shell.
import { join } from "node:path";
import type { Api, MethodName } from "../../../shared/contract.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import type { UpdateStatus } from "../../../shared/update.ts";
import { makeFolder } from "../data-folder.ts";
import type { Desk } from "../desk.ts";
import type { CallContext } from "../dispatch.ts";

type DeskMethods = Pick<
  Api<CallContext>,
  "desktop.openFolder" | "links.take" | "updates.get" | "updates.check" | "updates.install"
>;

export interface DeskMethodsOptions {
  readonly desk: Desk | undefined;
  readonly home: string;
  readonly version: string;
}

export function deskMethods({ desk, home, version }: DeskMethodsOptions): DeskMethods {
  const folders = { data: home, logs: join(home, "logs"), backups: join(home, "backups") } as const;
  return {
    "desktop.openFolder": async ({ folder }) => {
      if (desk === undefined) throw unsupported("desktop.openFolder", `Open ${folders[folder]} yourself.`);
      // A folder that nothing was written to yet is shown empty rather than not at all.
      makeFolder(folders[folder]);
      await desk.openFolder(folders[folder]);
      return {};
    },
    "links.take": async () => ({ links: [...(desk?.takeLinks() ?? [])] }),
    "updates.get": async () => desk?.updates.get() ?? noUpdates(version),
    "updates.check": async (_, { signal }) => (await desk?.updates.check(signal)) ?? noUpdates(version),
    "updates.install": async ({ now }) => {
      if (desk === undefined)
        throw unsupported("updates.install", "Update it the way that it was installed.");
      await desk.updates.install(now);
      return {};
    },
  };
}

function noUpdates(current: string): UpdateStatus {
  const text = "This Freightliner is updated the way that it was installed.";
  return { state: "unsupported", current, version: null, notes: null, percent: null, text };
}

function unsupported(operation: MethodName, instead: string): FreightlinerError {
  return new FreightlinerError({
    code: "unsupported",
    operation,
    message: `Only the desktop program can do that. ${instead}`,
  });
}
