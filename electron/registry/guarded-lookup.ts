// Name resolution that only gives addresses a registry may send us to.
import type { LookupAddress, LookupAllOptions } from "node:dns";
import type { LookupFunction } from "node:net";

export type ResolveAll = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Resolves and judges in one step, so that the address checked is the address connected to (DNS rebinding).
 * One forbidden address among several refuses the name.
 * @param judge the error for an address that may not be reached, or undefined.
 */
export function guardedLookup(
  resolve: ResolveAll,
  judge: (hostname: string, address: string) => Error | undefined,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, "", 0);
        return;
      }
      const first = addresses[0];
      const refusal = addresses
        .map(({ address }) => judge(hostname, address))
        .find((one) => one !== undefined);
      if (refusal !== undefined) callback(refusal, "", 0);
      else if (first === undefined) callback(new Error(`${hostname} has no address`), "", 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
