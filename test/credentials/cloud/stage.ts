// What the tests of cloud identities share: a clock to turn, identities over this environment, and what was refused.

import { readSurroundings } from "../../../electron/app/surroundings.ts";
import type {
  CloudIdentity,
  CloudNetwork,
  CloudRegistry,
} from "../../../electron/credentials/cloud/cloud-identity.ts";
import { thisMachine } from "../../../electron/credentials/cloud/hints.ts";
import { createCloudIdentities } from "../../../electron/credentials/cloud/identities.ts";
import type { Credential } from "../../../electron/engine/credential.ts";
import { CloudCalls } from "../../../electron/registry/cloud-calls.ts";
import type { CredentialChoice } from "../../../shared/endpoint.ts";

export const never = new AbortController().signal;

export interface Turned {
  now: () => number;
  /** Milliseconds. */
  turn(by: number): void;
}

export function clock(): Turned {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    turn(by) {
      ahead += by;
    },
  };
}

/** As the program wires it, without sign-ins for proxies. */
export const networkOfThisMachine: CloudNetwork = ({ registry }) =>
  new CloudCalls({
    settings: registry,
    network: { surroundings: readSurroundings(process.env, process.platform) },
  });

/** One that gives a credential or throws, as chosen ones do. */
export interface SureIdentity extends CloudIdentity {
  get(signal: AbortSignal, refused?: Credential): Promise<Credential>;
}

export function identity(
  registry: CloudRegistry,
  choice: CredentialChoice = { from: "cloud" },
  options: {
    readonly now?: () => number;
    readonly deadlineMs?: number;
    readonly network?: CloudNetwork;
  } = {},
): SureIdentity {
  const found = createCloudIdentities({
    machine: thisMachine(process.env),
    network: networkOfThisMachine,
    ...options,
  }).find({ id: "", registry }, choice);
  if (found === undefined) throw new Error("no identity was found");
  return {
    describe: () => found.describe(),
    async get(signal, refused) {
      const credential = await found.get(signal, refused);
      if (credential === undefined) throw new Error("the identity gave nothing");
      return credential;
    },
  };
}

export function secretOf(credential: Credential): string {
  return credential.kind === "password" ? credential.password : credential.token;
}

export async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "nothing was refused",
    (error: unknown) => error,
  );
}
