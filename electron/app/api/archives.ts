// The contract's method for archives: unpacked into a layout folder of the data folder, which becomes an endpoint.
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Api } from "../../../shared/contract.ts";
import { unpackArchive } from "../../layout/unpack-archive.ts";
import type { StoredEndpoint } from "../../store/store.ts";
import { archivesFolder } from "../archive-folders.ts";
import { makeFolder } from "../data-folder.ts";
import type { CallContext } from "../dispatch.ts";
import { newEndpointId } from "../endpoint-id.ts";
import type { Services } from "../services.ts";

export function archiveMethods(
  { store, pool, hub }: Services,
  home: string,
): Pick<Api<CallContext>, "archives.open"> {
  return {
    "archives.open": async ({ path }, { signal }) => {
      const id = newEndpointId();
      const folder = join(archivesFolder(home), id);
      makeFolder(folder);
      const layout = join(folder, repositoryName(basename(path)));
      try {
        await unpackArchive(path, layout, signal);
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
      const added: StoredEndpoint = {
        ...{ id, name: basename(path).slice(0, 100), sample: false, temporary: false, username: null },
        // It is a copy: the archive itself would stay as it is, whatever is written.
        settings: { kind: "layout", path: layout, readOnly: true },
        health: { state: "unknown", checkedAt: null, steps: [] },
        capabilities: null,
      };
      store.endpoints.insert(added);
      const endpoint = pool.describe(added);
      hub.emit("endpoint.changed", endpoint);
      return endpoint;
    },
  };
}

/** The folder's own name is the repository of images that have none. */
function repositoryName(file: string): string {
  const name = file.toLowerCase().replace(/\.(?:tar|tgz|tar\.gz)$/, "");
  return name.replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "") || "archive";
}
