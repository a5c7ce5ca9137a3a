// Names below `localhost` are this machine's, whatever a name service says: https://www.rfc-editor.org/rfc/rfc6761#section-6.3
import { type LookupAddress, lookup } from "node:dns";
import { isBelowLocalhost } from "../addresses.ts";
import type { ResolveAll } from "../guarded-lookup.ts";

const here: readonly LookupAddress[] = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
];

/**
 * As the system resolves names, but nobody else is asked for those below `localhost`: they may be spoken to over plain
 * HTTP, so no name service may lead them elsewhere.
 */
export const resolveName: ResolveAll = (hostname, options, callback) => {
  if (isBelowLocalhost(hostname)) {
    const { family } = options;
    const wanted = here.filter((one) => (family !== 4 && family !== 6 ? true : one.family === family));
    process.nextTick(callback, null, wanted);
  } else lookup(hostname, options, callback);
};

/** @throws the system's error for a name that has no address. */
export function addressesOf(hostname: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    resolveName(hostname, { all: true }, (error, addresses) =>
      error === null ? resolve(addresses) : reject(error),
    );
  });
}
