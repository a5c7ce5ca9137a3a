// An error as an adapter throws it.
import { type ErrorCode, FreightlinerError } from "../../shared/errors.ts";

export function failure(
  code: ErrorCode,
  operation: string,
  details: { message?: string; retryAfterMs?: number; status?: number } = {},
): FreightlinerError {
  return new FreightlinerError({
    code,
    operation,
    message: details.message ?? `${operation}: ${code}`,
    ...details,
  });
}
