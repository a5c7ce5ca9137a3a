// electron-updater, loaded only where it can do something: a package that says where newer versions come from.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Updater } from "./updates.ts";

/** Undefined for a program that is not packaged, and for a package that was built without a place for updates. */
export async function loadUpdater(resources: string | undefined): Promise<Updater | undefined> {
  if (resources === undefined || !existsSync(join(resources, "app-update.yml"))) return undefined;
  // CommonJS with a getter: the default export is the module.
  const { default: module } = await import("electron-updater");
  return module.autoUpdater;
}
