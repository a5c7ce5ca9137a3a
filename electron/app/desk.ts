// What a desktop around the app can do for the contract: folders, deep links, updates. Other faces have none.
import type { DeepLink } from "../../shared/deep-link.ts";
import type { UpdateStatus } from "../../shared/update.ts";

export interface Desk {
  /** Shows a folder in the operating system's file manager; it exists. @throws FreightlinerError where that fails. */
  openFolder(folder: string): Promise<void>;
  /** Deep links that wait, the oldest first; each is given once. */
  takeLinks(): readonly DeepLink[];
  readonly updates: DeskUpdates;
}

export interface DeskUpdates {
  get(): UpdateStatus;
  /** Resolves when it is known whether there is a newer version; a download goes on behind it. */
  check(signal: AbortSignal): Promise<UpdateStatus>;
  /**
   * Installs what was downloaded and starts again, as soon as no transfer runs or (`now`) after pausing what does.
   * @throws FreightlinerError where nothing is ready.
   */
  install(now: boolean): Promise<void>;
}
