// Makes the folders that the program keeps its data in, for this user only.
import { FreightlinerError } from "../../shared/errors.ts";
import { makeWithParents } from "../files/make-with-parents.ts";

/**
 * Makes the folder and its parents where they are missing (mode 0700).
 * @throws FreightlinerError `configuration` that names the folder.
 */
export function makeFolder(path: string): void {
  try {
    makeWithParents(path, 0o700);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FreightlinerError({
      code: "configuration",
      operation: "make-folder",
      message: `The folder "${path}" cannot be made: ${why}. Choose another with --home or FREIGHTLINER_HOME.`,
      cause,
    });
  }
}
