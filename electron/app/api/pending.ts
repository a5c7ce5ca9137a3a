// Methods of the contract that are being built.
import type { Api } from "../../../shared/contract.ts";
import type { SecretsStatus } from "../../../shared/secrets.ts";
import type { CallContext } from "../dispatch.ts";

type Pending = Pick<
  Api<CallContext>,
  | "doctor.run"
  | "endpoints.hints"
  | "endpoints.probe"
  | "endpoints.signInProxy"
  | "secrets.status"
  | "secrets.choose"
  | "secrets.unlock"
  | "secrets.lock"
  | "secrets.changePassphrase"
  | "secrets.lockAfter"
>;

const pending = async (): Promise<never> => {
  throw new Error("pending");
};
const memory: SecretsStatus = {
  place: "memory",
  offered: ["memory"],
  keychainProblem: null,
  locked: false,
  vaultExists: false,
  lockAfterMinutes: null,
  saved: 0,
  problem: null,
};

export const pendingMethods: Pending = {
  "doctor.run": pending,
  "endpoints.hints": pending,
  "endpoints.probe": pending,
  "endpoints.signInProxy": pending,
  "secrets.status": async () => memory,
  "secrets.choose": pending,
  "secrets.unlock": pending,
  "secrets.lock": pending,
  "secrets.changePassphrase": pending,
  "secrets.lockAfter": pending,
};
