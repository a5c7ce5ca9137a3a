// The certs.d folders of docker and podman: https://github.com/containers/image/blob/main/docs/containers-certs.d.5.md
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { FreightlinerError } from "../../../shared/errors.ts";
import { errnoOf, isMissing } from "../../files/errors.ts";
import type { ClientFiles } from "./pem-files.ts";

export interface CertFolder {
  readonly path: string;
  /** `*.crt`, by name. */
  readonly authorities: readonly string[];
  /** The first pair by name. */
  readonly client: ClientFiles | undefined;
}

/** No folder that a person fills has more files. */
const maxFiles = 100;

/**
 * The first of the folders that has one for the host; undefined where none has.
 * One that may not be read is passed over, as podman does: it was not made for this user.
 * @param host `host[:port]`; the folder of port 443 may be named with and without it.
 * @throws FreightlinerError `configuration` for a certificate without its key, and for a key without its certificate.
 */
export async function findCertFolder(
  roots: readonly string[],
  host: string,
): Promise<CertFolder | undefined> {
  for (const root of roots) {
    for (const name of folderNames(host)) {
      const path = join(root, name);
      const files = await listFiles(path);
      if (files !== undefined) return sortOut(path, files);
    }
  }
  return undefined;
}

function folderNames(host: string): readonly string[] {
  const lower = host.toLowerCase();
  if (/[/\\]|^\.*$/.test(lower)) return [];
  const port = /:([0-9]+)$/.exec(lower)?.[1];
  if (port === undefined) return [lower, `${lower}:443`];
  return port === "443" ? [lower, lower.slice(0, -4)] : [lower];
}

async function listFiles(path: string): Promise<readonly string[] | undefined> {
  try {
    return (await readdir(path)).sort().slice(0, maxFiles);
  } catch (error) {
    if (isMissing(error) || ["EACCES", "EPERM", "EINVAL"].includes(errnoOf(error) ?? "")) return undefined;
    throw new FreightlinerError({
      code: "configuration",
      operation: "read-cert-folder",
      message: `The folder ${path} cannot be read.`,
      cause: error,
    });
  }
}

function sortOut(path: string, files: readonly string[]): CertFolder {
  const names = new Set(files);
  let client: ClientFiles | undefined;
  for (const name of files) {
    const stem = name.replace(/\.(?:cert|key)$/, "");
    if (stem === name) continue;
    const pair = { cert: `${stem}.cert`, key: `${stem}.key` };
    const missing = names.has(pair.cert) ? (names.has(pair.key) ? undefined : pair.key) : pair.cert;
    if (missing !== undefined)
      throw new FreightlinerError({
        code: "configuration",
        operation: "read-cert-folder",
        message: `${join(path, name)} has no ${missing} beside it; a client certificate and its key are expected together.`,
      });
    client ??= { cert: join(path, pair.cert), key: join(path, pair.key) };
  }
  return {
    path,
    authorities: files.filter((name) => name.endsWith(".crt")).map((name) => join(path, name)),
    client,
  };
}
