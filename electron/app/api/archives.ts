// The contract's method for archives: a file becomes an endpoint to read from, as soon as it proves to be one.
import { basename, resolve } from "node:path";
import type { Api } from "../../../shared/contract.ts";
import type { EndpointSettings } from "../../../shared/endpoint.ts";
import type { StoredEndpoint } from "../../store/store.ts";
import type { CallContext } from "../dispatch.ts";
import { newEndpointId } from "../endpoint-id.ts";
import type { Services } from "../services.ts";

export function archiveMethods({ store, pool, hub }: Services): Pick<Api<CallContext>, "archives.open"> {
  return {
    "archives.open": async ({ path: given }, { signal }) => {
      const path = resolve(given);
      const settings: EndpointSettings = { kind: "archive", path, readOnly: true };
      const known = store.endpoints
        .list()
        .find((one) => !one.temporary && one.settings.kind === "archive" && one.settings.path === path);
      if (known !== undefined) {
        await look(pool, known.id, signal);
        return pool.describe(known);
      }
      const added: StoredEndpoint = {
        ...{ id: newEndpointId(), name: basename(path).slice(0, 100), sample: false, temporary: false },
        ...{ username: null, settings, capabilities: null },
        health: { state: "unknown", checkedAt: null, steps: [] },
      };
      store.endpoints.insert(added);
      try {
        await look(pool, added.id, signal);
      } catch (error) {
        await pool.discard(added.id);
        store.endpoints.remove(added.id);
        throw error;
      }
      const endpoint = pool.describe(added);
      hub.emit("endpoint.changed", endpoint);
      return endpoint;
    },
  };
}

/** Unpacks it, so that what is no archive never becomes a registry of the list. */
async function look(pool: Services["pool"], id: string, signal: AbortSignal): Promise<void> {
  const archive = await pool.get(id);
  for await (const _ of archive.listRepositories({ signal })) return;
}
