// Methods of the contract that are being built.
import type { Api } from "../../../shared/contract.ts";
import type { CallContext } from "../dispatch.ts";

type Pending = Pick<Api<CallContext>, "endpoints.probe">;

const pending = async (): Promise<never> => {
  throw new Error("pending");
};

export const pendingMethods: Pending = {
  "endpoints.probe": pending,
};
