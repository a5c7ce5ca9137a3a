// skopeo as the independent judge: another program's opinion on what a registry or layout folder holds.
import { type Finished, runCommand } from "./child.ts";
import { type RawTarget, sha256 } from "./raw-http.ts";

export interface SkopeoTarget extends RawTarget {
  readonly host: string;
}

function access(target: SkopeoTarget, prefix = ""): string[] {
  const creds =
    target.user === undefined ? [] : [`--${prefix}creds`, `${target.user}:${target.password ?? ""}`];
  return [`--${prefix}tls-verify=false`, ...creds];
}

/** Runs skopeo; throws with its words where it fails. */
export async function skopeo(args: readonly string[]): Promise<Buffer> {
  const done = await skopeoResult(args);
  if (done.code === 0) return done.stdout;
  throw new Error(`skopeo ${args[0] ?? ""} failed (${done.code}): ${done.stderr.trim()}`);
}

/** Runs skopeo and returns its end, whatever it is. */
export function skopeoResult(args: readonly string[]): Promise<Finished> {
  // No policy file, no /run credentials: the outcome depends on the arguments alone.
  return runCommand("skopeo", ["--insecure-policy", ...args]);
}

/** `docker://host/repository:tag` or `…@digest`. */
export function dockerReference(target: SkopeoTarget, repository: string, reference: string): string {
  return `docker://${target.host}/${repository}${reference.includes(":") ? "@" : ":"}${reference}`;
}

/** The manifest's exact bytes. */
export function inspectRaw(target: SkopeoTarget, repository: string, reference: string): Promise<Buffer> {
  return skopeo(["inspect", "--raw", ...access(target), dockerReference(target, repository, reference)]);
}

/** sha256 of the manifest's raw bytes, as skopeo gets them. */
export async function digestOf(target: SkopeoTarget, repository: string, reference: string): Promise<string> {
  return sha256(await inspectRaw(target, repository, reference));
}

/** skopeo's reading of an image (configuration fetched and parsed). */
export async function inspect(
  target: SkopeoTarget,
  repository: string,
  reference: string,
  options: { readonly overrideArch?: string } = {},
): Promise<Record<string, unknown>> {
  const arch = options.overrideArch === undefined ? [] : ["--override-arch", options.overrideArch];
  const text = await skopeo([
    ...arch,
    "inspect",
    ...access(target),
    dockerReference(target, repository, reference),
  ]);
  return JSON.parse(text.toString("utf8")) as Record<string, unknown>;
}

export async function skopeoTags(target: SkopeoTarget, repository: string): Promise<readonly string[]> {
  const text = await skopeo(["list-tags", ...access(target), `docker://${target.host}/${repository}`]);
  return (JSON.parse(text.toString("utf8")) as { Tags: string[] }).Tags;
}

export interface CopyEnd {
  /** `docker://…`, `oci:FOLDER:tag`, `dir:FOLDER`. */
  readonly reference: string;
  /** The registry behind a docker:// reference. */
  readonly target?: SkopeoTarget;
}

/** Copies all platforms without changing a byte of a manifest. skopeo reads and checks every blob on the way. */
export async function skopeoCopy(from: CopyEnd, to: CopyEnd): Promise<void> {
  await skopeo([
    "copy",
    "--all",
    "--preserve-digests",
    ...(from.target === undefined ? [] : access(from.target, "src-")),
    ...(to.target === undefined ? [] : access(to.target, "dest-")),
    from.reference,
    to.reference,
  ]);
}
