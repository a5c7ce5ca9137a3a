// The folder itself: is it a layout, may it become one. https://github.com/opencontainers/image-spec/blob/main/image-layout.md
import { constants } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { ioError, isMissing } from "../files/errors.ts";
import { makeWithParents } from "../files/make-with-parents.ts";
import { layoutError } from "./layout-error.ts";
import { readPlain, writeAtomically } from "./safe-files.ts";
import { partialSuffix } from "./stale-files.ts";

const markerSchema = z.looseObject({ imageLayoutVersion: z.string() });
const marker = JSON.stringify({ imageLayoutVersion: "1.0.0" });

/** `empty`: a layout can be begun there; `missing`: its parent may be made too. */
export type FolderState = "layout" | "empty" | "missing";

/** @throws `configuration` where something else is there, `unsupported` for an unknown layout version. */
export async function folderState(path: string): Promise<FolderState> {
  try {
    if (!(await stat(path)).isDirectory())
      throw layoutError(
        "configuration",
        "open-layout",
        `${path} is a file; expected the folder of an OCI layout.`,
      );
    const bytes = await readPlain(join(path, "oci-layout"), 4096);
    if (bytes !== undefined) {
      checkMarker(path, bytes);
      return "layout";
    }
    const others = (await readdir(path)).filter((name) => !name.endsWith(partialSuffix));
    if (others.length === 0) return "empty";
    // Another writer has begun the layout since the marker was looked for.
    if (others.includes("oci-layout")) return "layout";
    throw layoutError(
      "configuration",
      "open-layout",
      `${path} holds other files but no "oci-layout"; expected an OCI layout or an empty folder.`,
    );
  } catch (thrown) {
    if (isMissing(thrown)) return "missing";
    throw ioError("open-layout", path, thrown);
  }
}

function checkMarker(path: string, bytes: Buffer): void {
  let version: string;
  try {
    version = markerSchema.parse(JSON.parse(bytes.toString("utf8"))).imageLayoutVersion;
  } catch (cause) {
    throw layoutError(
      "protocol",
      "open-layout",
      `${join(path, "oci-layout")} is not what it should be.`,
      cause,
    );
  }
  if (!version.startsWith("1."))
    throw layoutError(
      "unsupported",
      "open-layout",
      `${path} is an OCI layout of version ${version.slice(0, 20)}; expected 1.x.`,
    );
}

/** Makes the folder a layout where it is none yet; safe to be done by several at once. */
export async function beginLayout(path: string): Promise<void> {
  try {
    makeWithParents(path, 0o777);
  } catch (thrown) {
    throw ioError("make-folder", path, thrown);
  }
  await writeAtomically(join(path, "oci-layout"), async (handle) => {
    await handle.writeFile(marker);
  });
}

/** True where this process may write into the folder, or make it. */
export async function isWritable(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK | constants.X_OK);
    return true;
  } catch (thrown) {
    return isMissing(thrown) && dirname(path) !== path ? isWritable(dirname(path)) : false;
  }
}
