// A mistake on the command line: exit code 2, with the sentence that says what was expected.
import { FreightlinerError } from "../../shared/errors.ts";

export function usageError(message: string, cause?: unknown): FreightlinerError {
  return new FreightlinerError({ code: "usage", operation: "command-line", message, cause });
}
