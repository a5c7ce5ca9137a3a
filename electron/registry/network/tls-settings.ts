// What a registry's settings and its certs.d folder say of TLS, read from their files.
import type { RegistrySettings } from "../../../shared/endpoint.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import { findCertFolder } from "./cert-folders.ts";
import { type ClientFiles, readAuthorities, readClient } from "./pem-files.ts";
import type { LeastTls, OwnTrust } from "./trust.ts";

export type TlsChoices = Pick<
  RegistrySettings,
  "insecureSkipVerify" | "caFile" | "tls13Only" | "clientCertFile" | "clientKeyFile" | "pins"
>;

/**
 * Files that the settings name take the place of those of the same kind in the folder.
 * @param host `host[:port]` as entered: the name of the folder.
 * @throws FreightlinerError `configuration` that names the file.
 */
export async function readTrust(
  choices: TlsChoices,
  certRoots: readonly string[],
  host: string,
): Promise<OwnTrust> {
  const own = clientFiles(choices, host);
  const least: LeastTls = choices.tls13Only === true ? "TLSv1.3" : "TLSv1.2";
  const all = choices.caFile !== undefined && own !== undefined;
  const folder = all ? undefined : await findCertFolder(certRoots, host);
  const authorities = choices.caFile === undefined ? (folder?.authorities ?? []) : [choices.caFile];
  const client = own ?? folder?.client;
  return {
    least,
    authorities: await Promise.all(authorities.map((path) => readAuthorities({ path, host }))),
    client: client === undefined ? undefined : await readClient(client, host),
  };
}

function clientFiles({ clientCertFile, clientKeyFile }: TlsChoices, host: string): ClientFiles | undefined {
  if (clientCertFile !== undefined && clientKeyFile !== undefined)
    return { cert: clientCertFile, key: clientKeyFile };
  if (clientCertFile === undefined && clientKeyFile === undefined) return undefined;
  const [has, lacks] = clientCertFile === undefined ? ["key", "certificate"] : ["certificate", "key"];
  throw new FreightlinerError({
    code: "configuration",
    operation: "read-client-certificate-file",
    message: `The settings of ${host} name a client ${has} without its ${lacks}; both or none are expected.`,
  });
}
