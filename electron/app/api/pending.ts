// Methods of the contract that are being built; each line goes when its method is there.
import type { Api, MethodName } from "../../../shared/contract.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import type { CallContext } from "../dispatch.ts";

const names = ["archives.open"] as const satisfies readonly MethodName[];

type Pending = Pick<Api<CallContext>, (typeof names)[number]>;

export function pendingMethods(): Pending {
  const refuse = (name: MethodName) => (): Promise<never> =>
    Promise.reject(
      new FreightlinerError({ code: "unsupported", operation: name, message: `${name} is not there yet.` }),
    );
  return Object.fromEntries(names.map((name) => [name, refuse(name)])) as unknown as Pending;
}
