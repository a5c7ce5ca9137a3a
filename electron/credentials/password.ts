// What may be a user name and password at all: https://www.rfc-editor.org/rfc/rfc7617#section-2
import type { CredentialInput } from "../../shared/endpoint.ts";
import { FreightlinerError } from "../../shared/errors.ts";

/**
 * One sentence where a pair cannot sign anyone in; undefined where it may. How long a password must be is for the
 * registry to say, but an empty or blank one is none.
 */
export function pairProblem({ username, password }: CredentialInput): string | undefined {
  if (username.trim() === "") return "the user name is empty";
  if (password.trim() === "") return "the password is empty";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  if (/[\u0000-\u001f\u007f]/.test(username)) return "the user name holds control characters";
  // The first colon ends the user name, so the rest would become part of the password.
  if (username.includes(":")) return "the user name holds a colon";
  // A key in JSON has line ends, and is a password to Google's registries.
  if (password.includes("\0")) return "the password holds a NUL character";
  return undefined;
}

/** @throws FreightlinerError `usage`. */
export function assertPair(pair: CredentialInput): void {
  const problem = pairProblem(pair);
  if (problem === undefined) return;
  throw new FreightlinerError({
    code: "usage",
    operation: "enter-credential",
    message: `A user name and a password are expected; ${problem}.`,
  });
}
