// Registries that docker's and podman's files on this machine name. No secret leaves the files, and no helper is asked.
import type { MethodResult } from "../../shared/contract.ts";
import { toFreightlinerError } from "../../shared/errors.ts";
import { isHost } from "../../shared/reference.ts";
import { readEntry } from "../credentials/auth-entry.ts";
import {
  type DockerConfig,
  DockerConfigFile,
  entryFor,
  helperFor,
  hostsIn,
  keyHost,
} from "../credentials/docker-config.ts";
import type { Store } from "../store/store.ts";
import type { Config } from "./config.ts";

type Answer = MethodResult<"endpoints.importable">;
type Found = Answer["found"][number];

export interface ImportableOptions {
  readonly store: Pick<Store, "endpoints">;
  readonly config: Pick<Config, "dockerConfigFile" | "podmanAuthFiles">;
}

export class Importable {
  readonly #options: ImportableOptions;

  constructor(options: ImportableOptions) {
    this.#options = options;
  }

  /** Bad files become problems; those that are not there are nothing. */
  list(): Answer {
    const { dockerConfigFile, podmanAuthFiles } = this.#options.config;
    const answer: Answer = { found: [], problems: [] };
    const files = [
      ...(dockerConfigFile === undefined ? [] : [{ from: "docker" as const, file: dockerConfigFile }]),
      ...podmanAuthFiles.map((file) => ({ from: "podman" as const, file })),
    ];
    for (const { from, file } of files) {
      try {
        const config = new DockerConfigFile(file).read();
        if (config === undefined) continue;
        for (const address of hostsIn(config).filter(isHost))
          answer.found.push({ address, from, file, ...kept(config, address), ...this.#saved(address) });
      } catch (thrown) {
        answer.problems.push({ file, text: toFreightlinerError(thrown, "read-credentials").message });
      }
    }
    return answer;
  }

  #saved(address: string): Pick<Found, "endpointId"> {
    const same = this.#options.store.endpoints
      .list()
      .find(
        ({ settings, temporary }) =>
          !temporary && settings.kind === "registry" && keyHost(settings.host) === address,
      );
    return { endpointId: same?.id ?? null };
  }
}

/** How the credential lies there; of a helper's nothing is known without asking it. */
function kept(config: DockerConfig, address: string): Pick<Found, "username" | "credential"> {
  const entry = entryFor(config, address);
  const content = entry === undefined ? undefined : readEntry(entry);
  if (content?.kind === "credential") {
    const username = content.credential.kind === "password" ? content.credential.username : null;
    return { username: username?.slice(0, 1024) ?? null, credential: "inline" };
  }
  return { username: null, credential: helperFor(config, address) === undefined ? "none" : "helper" };
}
