// What the handlers of one sample registry share.
import type { DiskStore } from "./disk-store.ts";
import type { Pacer } from "./pacer.ts";

export interface Services {
  readonly store: DiskStore;
  readonly pacer: Pacer;
  /** Upload sessions that a request is writing to at this moment. */
  readonly busyUploads: Set<string>;
}
