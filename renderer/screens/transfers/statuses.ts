// The icon and the colour of each state of a run, an image and a blob.
import type { Run, RunBlob, RunImage, RunState } from "../../../shared/run.ts";
import type { StatusKind, Tone } from "../../components/badge.tsx";
import type { Still } from "../../text/transfers.ts";

export interface Status {
  readonly kind: StatusKind;
  readonly tone: Tone;
}

const waiting: Status = { kind: "waiting", tone: "neutral" };
const active: Status = { kind: "active", tone: "accent" };
const done: Status = { kind: "ok", tone: "ok" };
const bad: Status = { kind: "bad", tone: "bad" };
const paused: Status = { kind: "paused", tone: "warn" };
const off: Status = { kind: "off", tone: "neutral" };

const ofRun: Readonly<Record<RunState, Status>> = {
  planning: waiting,
  planned: waiting,
  queued: waiting,
  running: active,
  paused,
  succeeded: done,
  failed: bad,
  cancelled: off,
};
const ofImage: Readonly<Record<RunImage["state"], Status>> = {
  planned: waiting,
  running: active,
  succeeded: done,
  skipped: off,
  failed: bad,
  cancelled: off,
};
const ofBlob: Readonly<Record<RunBlob["state"], Status>> = {
  waiting,
  transferring: active,
  done,
  failed: bad,
};

export function runStatus(run: Run): Status {
  return run.state === "paused" &&
    (run.stateReason === "sign-in-needed" || run.stateReason === "secrets-locked")
    ? { kind: "warn", tone: "warn" }
    : ofRun[run.state];
}
const ofStill: Readonly<Record<Still, Status>> = { paused, waiting };

export function imageStatus(image: RunImage, still?: Still): Status {
  if (!image.selected) return off;
  return still !== undefined && image.state === "running" ? ofStill[still] : ofImage[image.state];
}
export function blobStatus(blob: RunBlob, still?: Still): Status {
  return still !== undefined && blob.state === "transferring" ? ofStill[still] : ofBlob[blob.state];
}
