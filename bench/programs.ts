// The two programs that are compared, as commands: our built command line and skopeo.
import { join } from "node:path";
import { runCommand } from "../test/support/child.ts";
import { cliBundle, nodeBinary } from "../test/support/processes.ts";
import { skopeo } from "../test/support/skopeo.ts";

export { cliBundle };

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Our command line with a data folder. */
export function freightliner(home: string, ...args: readonly string[]): Command {
  return { command: nodeBinary, args: [cliBundle, "--home", home, "--quiet", ...args] };
}

/** skopeo with a home folder of its own, so that its cache of known blobs helps as much, or as little, as our data folder. */
export function skopeoCommand(home: string, ...args: readonly string[]): Command {
  const env = { ...process.env, HOME: home, XDG_DATA_HOME: join(home, "data"), XDG_RUNTIME_DIR: home };
  return { command: "skopeo", args: ["--insecure-policy", ...args], env };
}

/** Both programs, Node, and the sources that were built, in one line. */
export async function versions(): Promise<string> {
  const peer = (await skopeo(["--version"])).toString("utf8").trim();
  const ours = await runCommand(nodeBinary, [cliBundle, "--version"]);
  const commit = await runCommand("git", ["rev-parse", "--short", "HEAD"]);
  const revision = commit.code === 0 ? `, commit ${commit.stdout.toString("utf8").trim()}` : "";
  return `Freightliner ${ours.stdout.toString("utf8").trim()}${revision} on Node ${process.version} · ${peer}`;
}
