// The contract's method for the sign-in of the proxy that an endpoint's settings name.
import type { Api } from "../../../shared/contract.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import type { CallContext } from "../dispatch.ts";
import type { Services } from "../services.ts";

type ProxyMethods = Pick<Api<CallContext>, "endpoints.signInProxy">;

export function proxySignInMethods(
  services: Pick<Services, "store" | "pool" | "hub" | "proxySignIns" | "log">,
): ProxyMethods {
  const { store, pool, hub, proxySignIns, log } = services;
  return {
    "endpoints.signInProxy": async ({ id, credential, remember }, { signal }) => {
      const stored = store.endpoints.get(id);
      const { settings } = stored;
      const proxy = settings.kind === "registry" ? settings.proxy : undefined;
      if (settings.kind !== "registry" || ((proxy === undefined || proxy === "none") && credential !== null))
        throw new FreightlinerError({
          code: "usage",
          operation: "sign-in-proxy",
          message: `The settings of "${stored.name}" name no proxy. One that the environment names has its user name there.`,
        });
      if (credential === null) await proxySignIns.forget(id, signal);
      else
        await proxySignIns.keep(id, proxy ?? "", credential, {
          // What is gone with the command leaves nothing behind.
          remember: remember && !stored.temporary,
          signal,
        });
      store.endpoints.update({ ...stored, settings: { ...settings, proxySignIn: credential !== null } });
      // S014: that it was changed, never what it is.
      log.warn(
        { audit: "credentials", action: "sign-in-proxy", endpoint: id, set: credential !== null },
        "the sign-in of a proxy was changed",
      );
      // New connections ask for it anew; new work begins with new settings.
      pool.retire(id);
      const endpoint = pool.describe(store.endpoints.get(id));
      hub.emit("endpoint.changed", endpoint);
      return endpoint;
    },
  };
}
