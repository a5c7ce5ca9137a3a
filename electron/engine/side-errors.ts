// Which errors concern one image or repository, and which a whole side, so that nothing more can be planned.
import { type ErrorCode, FreightlinerError } from "../../shared/errors.ts";
import type { EndpointSide } from "./endpoint-side.ts";

const ofWholeSide: ReadonlySet<ErrorCode> = new Set([
  "unreachable",
  "tls",
  "configuration",
  "unauthorized",
  "locked",
]);
/** The journal's and the program's own: no image's fault. */
const ofNoSide: ReadonlySet<ErrorCode> = new Set(["store", "busy", "illegal-transition", "cancelled"]);

/** False where going on with the next image makes no sense. */
export function isOfOneImage(error: unknown, sides: readonly EndpointSide[]): error is FreightlinerError {
  if (!(error instanceof FreightlinerError) || ofNoSide.has(error.code)) return false;
  if (!ofWholeSide.has(error.code)) return true;
  // A registry that lets us read one repository and refuses another refuses that one only.
  const side = sides.find((one) => one.side === error.side);
  return error.code === "unauthorized" && side?.answered === true;
}

/** A listing that failed for this repository alone. */
export function isOfOneRepository(error: unknown, source: EndpointSide): error is FreightlinerError {
  return isOfOneImage(error, [source]) && error.code !== "unsupported";
}
