// The contract's host methods: how it stands with each host, and changing its limits while it is worked with.
import type { Api } from "../../../shared/contract.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import type { CallContext } from "../dispatch.ts";
import type { Services } from "../services.ts";

type HostMethods = Pick<Api<CallContext>, Extract<keyof Api<CallContext>, `hosts.${string}`>>;

export function hostMethods({ engine: { hosts }, limitsOfHosts }: Services): HostMethods {
  return {
    "hosts.list": async () => ({ hosts: [...hosts.list()] }),
    "hosts.adjust": async ({ host, ...limits }) => {
      if (!hosts.knows(host))
        throw new FreightlinerError({
          code: "not-found",
          operation: "adjust-host",
          message: `This process has not talked to "${host}"; a host of hosts.list was expected.`,
        });
      limitsOfHosts.set(host, limits);
      hosts.configure(host, limits);
      return hosts.status(host);
    },
  };
}
