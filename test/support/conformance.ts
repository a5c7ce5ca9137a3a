// The points of the OCI conformance suite (protocol.md 9, 1–15) as raw HTTP, independent of every client and server of this repository.
// https://github.com/opencontainers/distribution-spec/tree/main/conformance
import { blobChecks } from "./conformance/blobs.ts";
import { listChecks } from "./conformance/lists.ts";
import { manifestChecks } from "./conformance/manifests.ts";
import type { ConformanceCheck } from "./conformance/session.ts";

export const conformanceChecks: readonly ConformanceCheck[] = [
  ...blobChecks,
  ...manifestChecks,
  ...listChecks,
];
