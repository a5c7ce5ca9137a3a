// One blob that has to get from a repository of the source to one of the destination.
import type { Descriptor } from "../../shared/descriptor.ts";

export interface BlobJob {
  readonly imageId: number;
  readonly sourceRepository: string;
  readonly repository: string;
  readonly blob: Descriptor;
  /** Ask the destination even where this process has just seen the blob there. */
  readonly recheck: boolean;
}
