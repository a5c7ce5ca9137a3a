// What this process remembers of uploads that were left in the middle: the hash of what the destination has.
import { BoundedMap } from "./bounded-map.ts";
import type { CheckState } from "./verify.ts";

export interface Unfinished {
  /** The check at the end of the last part that was acknowledged. */
  readonly check: CheckState;
  /** What the source called the content, for If-Range. */
  readonly validator: string | undefined;
  /** A part broke off behind it: whether the destination still knows the session says what its status is good for. */
  readonly broken: boolean;
}

/** By destination and digest; a state that is forgotten costs reading the bytes before it once more. */
export class UnfinishedUploads extends BoundedMap<string, Unfinished> {
  constructor() {
    super(1_000);
  }
}
