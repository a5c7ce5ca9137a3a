// Methods of the contract that are being built.
import type { Api } from "../../../shared/contract.ts";
import type { CallContext } from "../dispatch.ts";

type Pending = Pick<Api<CallContext>, "endpoints.hints" | "endpoints.probe" | "endpoints.signInProxy">;

const pending = async (): Promise<never> => {
  throw new Error("pending");
};

export const pendingMethods: Pending = {
  "endpoints.hints": pending,
  "endpoints.probe": pending,
  "endpoints.signInProxy": pending,
};
