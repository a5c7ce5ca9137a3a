// Errors of folders and files as ours, with the path in the message.
import { type ErrorCode, FreightlinerError } from "../../shared/errors.ts";

export function layoutError(
  code: ErrorCode,
  operation: string,
  message: string,
  cause?: unknown,
): FreightlinerError {
  return new FreightlinerError({ code, operation, message, cause });
}

export function errnoOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string"
    ? thrown.code
    : undefined;
}

/** What the file system said, as code `io`; our own errors pass. */
export function ioError(operation: string, path: string, thrown: unknown): FreightlinerError {
  if (thrown instanceof FreightlinerError) return thrown;
  const why = errnoOf(thrown) ?? (thrown instanceof Error ? thrown.message : String(thrown));
  return layoutError("io", operation, `${path} cannot be used (${why}).`, thrown);
}
