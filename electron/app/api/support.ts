// The contract's methods for finding out what is wrong: the log, and what a bug report would hold.
import type { Api, Capabilities } from "../../../shared/contract.ts";
import { diagnostics } from "../diagnostics.ts";
import type { CallContext } from "../dispatch.ts";
import { LogRing } from "../log-ring.ts";
import type { Services } from "../services.ts";

export function supportMethods(
  services: Services,
  capabilities: Capabilities,
): Pick<Api<CallContext>, "logs.read" | "diagnostics.preview"> {
  // A log that keeps nothing shows nothing.
  const ring = services.log.ring ?? new LogRing();
  return {
    "logs.read": async (query) => ring.read(query),
    "diagnostics.preview": async ({ hideNames }) => diagnostics({ services, capabilities, ring }, hideNames),
  };
}
