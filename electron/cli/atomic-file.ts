// Result files appear whole or not at all: written beside, synced, then renamed.
import { randomUUID } from "node:crypto";
import { dirname, resolve } from "node:path";
import { FreightlinerError } from "../../shared/errors.ts";
import { makeWithParents } from "../files/make-with-parents.ts";
import { replaceFile } from "../files/replace-file.ts";

/** A text in pieces is never held whole. @throws FreightlinerError `io` that names the file. */
export async function writeFileAtomic(
  file: string,
  text: string | AsyncIterable<string>,
  what: string,
): Promise<void> {
  const target = resolve(file);
  const beside = `${target}.${randomUUID()}.part`;
  try {
    makeWithParents(dirname(target), 0o777);
    await replaceFile({ path: target, beside, mode: 0o644 }, (handle) => handle.writeFile(text));
  } catch (cause) {
    throw new FreightlinerError({
      code: "io",
      operation: "write-file",
      message: `The ${what} ${target} could not be written.`,
      cause,
    });
  }
}
