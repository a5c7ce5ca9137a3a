// What the file system says, and the same as an error of ours with the path in its message.
import { FreightlinerError } from "../../shared/errors.ts";

/** `ENOENT` and its like; undefined for what has no such name. */
export function errnoOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string"
    ? thrown.code
    : undefined;
}

export function isMissing(thrown: unknown): boolean {
  const errno = errnoOf(thrown);
  return errno === "ENOENT" || errno === "ENOTDIR";
}

/** Our own errors carry a code too; those of the system also name the call. */
export function isSystemError(thrown: unknown): boolean {
  return errnoOf(thrown) !== undefined && thrown instanceof Error && "syscall" in thrown;
}

/** What the file system said, as code `io`; our own errors pass. */
export function ioError(operation: string, path: string, thrown: unknown): FreightlinerError {
  if (thrown instanceof FreightlinerError) return thrown;
  const errno = errnoOf(thrown);
  const words = errno === "ENOSPC" || errno === "EDQUOT" ? "there is no room left for it" : errno;
  const why = words ?? (thrown instanceof Error ? thrown.message : String(thrown));
  return new FreightlinerError({
    code: "io",
    operation,
    message: `${path} cannot be used (${why}).`,
    cause: thrown,
  });
}
