// The contract's method for archives: unpacked into a layout folder of the data folder, which becomes an endpoint.
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Api } from "../../../shared/contract.ts";
import { unpackArchive } from "../../layout/unpack-archive.ts";
import type { StoredEndpoint } from "../../store/store.ts";
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
      const name = basename(path).replace(/\.(?:tar|tgz|tar\.gz)$/i, "") || "archive";
      const folder = join(home, "archives", id);
      makeFolder(folder);
      // The folder's own name is the repository of images that have none.
      const layout = join(folder, name.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, "-") || "archive");
      try {
        await unpackArchive(path, layout, signal);
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
      const added: StoredEndpoint = {
        ...{ id, name: basename(path).slice(0, 100), sample: false, temporary: false, username: null },
        settings: { kind: "layout", path: layout },
        health: { state: "unknown", checkedAt: null, steps: [] },
      };
      store.endpoints.insert(added);
      const endpoint = pool.describe(added);
      hub.emit("endpoint.changed", endpoint);
      return endpoint;
    },
  };
}
