// Errors of layouts and archives as ours.
import { type ErrorCode, FreightlinerError } from "../../shared/errors.ts";

export function layoutError(
  code: ErrorCode,
  operation: string,
  message: string,
  cause?: unknown,
): FreightlinerError {
  return new FreightlinerError({ code, operation, message, cause });
}
