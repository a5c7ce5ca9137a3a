// What particular registries need otherwise in the protocol itself; each provider says its own, with the source.
export interface Quirks {
  /** Where the API answers, if not at the name people write. For the service's own hosts only. */
  readonly apiHost?: string;
  /** Entries asked for per page of a listing. */
  readonly pageSize: number;
  /** The host that hands out tokens for it and may see the credentials. For the service's own hosts only. */
  readonly tokenHost?: string;
  /** False where asking for the `delete` action is answered with 400. */
  readonly asksForDelete: boolean;
  /** False where asking for the catalogue's own scope is answered with 400: any token opens it there. */
  readonly asksForCatalog: boolean;
  /** True where only a Link leads to the next page: `last` means nothing, and page 1 would come again. */
  readonly opaquePages: boolean;
  /** False where a token to push makes the repository that is asked for: whoever only looks asks for less. */
  readonly looksWithPush: boolean;
  /** True where 403 is also how a tag that stands and may not move is refused. */
  readonly forbidsStandingTags: boolean;
  /** True where an ended sign-in is told by 400 or 403 and words instead of 401. */
  readonly deniesEndedSignIns: boolean;
  /** False where a blob of one repository never serves another by mounting. */
  readonly mounts: boolean;
  /** "never" where blobs have to go up whole; elsewhere the first part shows whether parts are taken. */
  readonly parts: "never" | "probe";
  /** Bytes; larger parts are refused. */
  readonly largestPart?: number;
}

export const ordinaryQuirks: Quirks = {
  pageSize: 1000,
  asksForDelete: true,
  asksForCatalog: true,
  opaquePages: false,
  looksWithPush: true,
  forbidsStandingTags: false,
  deniesEndedSignIns: false,
  mounts: true,
  parts: "probe",
};
