// The contract's method that looks at what the program stands on.
import type { Api, Capabilities } from "../../../shared/contract.ts";
import type { CallContext } from "../dispatch.ts";
import { Doctor } from "../doctor.ts";
import type { Services } from "../services.ts";

export function doctorMethods(
  services: Services,
  capabilities: Capabilities,
): Pick<Api<CallContext>, "doctor.run"> {
  const { store, pool, secrets, config } = services;
  const doctor = new Doctor({ store, pool, secrets, config, capabilities });
  return {
    "doctor.run": async ({ registries }, { signal }) => ({
      findings: await doctor.look(registries, signal),
    }),
  };
}
