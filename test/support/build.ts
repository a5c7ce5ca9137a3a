// Builds the production bundles for tests of the faces; what is fresh is not built again.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

export async function buildBundles(...targets: readonly string[]): Promise<void> {
  await run(process.execPath, ["scripts/build.mjs", "--quiet", ...targets], { maxBuffer: 10_000_000 });
}
