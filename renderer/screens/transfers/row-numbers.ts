// What the columns of a transfer's row say: bytes, fraction, speed and time left, from the newest that is known.
import type { ProgressValue } from "../../../shared/contract.ts";
import { fraction } from "../../../shared/progress.ts";
import type { Run, RunBlob, RunImage } from "../../../shared/run.ts";
import type { UnitSystem } from "../../../shared/units.ts";
import { exactBytes, exactBytesOf } from "../../text/sizes.ts";
import { bytesOfText, leftText, speedText } from "../../text/transfers.ts";

export interface RowNumbers {
  /** 0 to 1; undefined where it is not known. */
  readonly fraction: number | undefined;
  readonly bytes: string;
  /** The same, not rounded. */
  readonly exact: string;
  /** Empty where nothing moves. */
  readonly speed: string;
  readonly left: string;
}

interface Measured {
  readonly done: number;
  readonly total: number;
  /** True once all of it is there, also where there was nothing to move. */
  readonly complete: boolean;
  readonly moving: boolean;
  readonly progress: ProgressValue | undefined;
  readonly units: UnitSystem;
}

function numbers({ done, total, complete, moving, progress, units }: Measured): RowNumbers {
  // What is complete says what was really moved, not what was planned.
  const of = complete ? done : total;
  return {
    fraction: complete ? 1 : cap(fraction(done, total)),
    bytes: bytesOfText(done, of, units),
    exact: done === of ? exactBytes(done) : exactBytesOf(done, of),
    speed: moving ? speedText(progress?.bytesPerSecond, units) : "",
    // Where nothing is to be moved, as for what another image brings along, there is no time to tell.
    left: leftText(progress?.secondsLeft, moving && total > 0),
  };
}

/** What is not complete is never shown as all, whatever the counts say. */
export function cap(part: number | undefined): number | undefined {
  return part === undefined ? undefined : Math.min(0.99, part);
}

export function runNumbers(run: Run, progress: ProgressValue | undefined, units: UnitSystem): RowNumbers {
  return numbers({
    done: progress?.bytes ?? run.tallies.bytesTransferred,
    total: progress?.total ?? run.plan.bytesToTransfer,
    complete: run.state === "succeeded",
    moving: run.state === "running",
    progress,
    units,
  });
}

export function imageNumbers(
  image: RunImage,
  progress: ProgressValue | undefined,
  units: UnitSystem,
): RowNumbers {
  return numbers({
    done: progress?.bytes ?? image.bytesTransferred,
    total: progress?.total ?? image.bytesToTransfer,
    complete: image.state === "succeeded",
    moving: image.state === "running",
    progress,
    units,
  });
}

export function blobNumbers(
  blob: RunBlob,
  progress: ProgressValue | undefined,
  units: UnitSystem,
): RowNumbers {
  const moving = progress !== undefined && blob.state !== "done";
  return numbers({
    done: progress?.bytes ?? (blob.state === "done" ? blob.size : blob.bytesTransferred),
    total: blob.size,
    complete: blob.state === "done",
    moving: moving || blob.state === "transferring",
    progress,
    units,
  });
}
