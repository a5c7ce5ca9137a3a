// What particular registries need otherwise in the protocol itself; each provider says its own, with the source.
export interface Quirks {
  /** Where the API answers, if not at the name people write. */
  readonly apiHost?: string;
  /** Entries asked for per page of a listing. */
  readonly pageSize: number;
  /** The host that hands out tokens for it and may see the credentials. */
  readonly tokenHost?: string;
  /** False where asking for the `delete` action is answered with 400. */
  readonly asksForDelete: boolean;
  /** False where a blob of one repository never serves another by mounting. */
  readonly mounts: boolean;
  /** "never" where blobs have to go up whole; elsewhere the first part shows whether parts are taken. */
  readonly parts: "never" | "probe";
  /** Bytes; larger parts are refused. */
  readonly largestPart?: number;
}

export const ordinaryQuirks: Quirks = { pageSize: 1000, asksForDelete: true, mounts: true, parts: "probe" };
