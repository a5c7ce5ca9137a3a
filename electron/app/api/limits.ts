// The contract's methods for the limits of the whole program.
import type { Api } from "../../../shared/contract.ts";
import type { CallContext } from "../dispatch.ts";
import type { Services } from "../services.ts";

type LimitMethods = Pick<Api<CallContext>, Extract<keyof Api<CallContext>, `limits.${string}`>>;

export function limitMethods({ limits }: Services): LimitMethods {
  return {
    "limits.get": async () => limits.get(),
    "limits.set": async (wanted) => limits.set(wanted),
  };
}
