// The contract's method that finds out what a registry can do and keeps it.
import type { Api } from "../../../shared/contract.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import type { CallContext } from "../dispatch.ts";
import type { Services } from "../services.ts";

export function probeMethods({
  store,
  pool,
  hub,
  health,
  listings,
  clock,
  log,
}: Services): Pick<Api<CallContext>, "endpoints.probe"> {
  return {
    "endpoints.probe": async ({ id, repository, write }, { signal }) => {
      const { name } = store.endpoints.get(id);
      if (write) pool.assertWritable(id, "probe");
      if (write && repository === undefined)
        throw usage("A probe that writes needs the name of a repository that it may write to.");
      const registry = await pool.get(id);
      const probe = registry.probe?.bind(registry);
      if (probe === undefined)
        throw usage(`"${name}" is a folder or file, of which there is nothing to find out.`);
      const options = {
        repository,
        write,
        onLeftover: (text: string) => log.warn({ endpointId: id }, text),
      };
      const found = await health.during(id, () => probe(options, signal));
      if (found.repository !== null) {
        log.info({ endpointId: id, host: registry.host, repository: found.repository }, "wrote for a probe");
        listings.forget(id);
      }
      const { parts, status, referrers } = found;
      for (const [capability, present] of [
        ["upload-parts", parts],
        ["upload-status", status],
        ["referrers", referrers],
      ] as const)
        if (present !== undefined) store.journal.rememberCapability(registry.host, capability, present);
      const capabilities = {
        probedAt: clock.now(),
        repository: found.repository,
        capabilities: [...found.capabilities],
      };
      store.endpoints.update({ ...store.endpoints.get(id), capabilities });
      // New work begins with what was found; what runs goes on with what it has.
      pool.retire(id);
      const endpoint = pool.describe(store.endpoints.get(id));
      hub.emit("endpoint.changed", endpoint);
      return endpoint;
    },
  };
}

function usage(message: string): FreightlinerError {
  return new FreightlinerError({ code: "usage", operation: "probe", message });
}
