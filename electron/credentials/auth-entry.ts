// What one entry of docker's config.json or podman's auth.json says: a credential, or nothing.
import type { Credential } from "../engine/credential.ts";
import type { AuthEntry } from "./docker-config.ts";
import { pairProblem } from "./password.ts";

export type EntryContent =
  | { readonly kind: "credential"; readonly credential: Credential }
  /** A marker, as docker leaves it where a helper holds the secret. */
  | { readonly kind: "empty" }
  | { readonly kind: "malformed" };

/** As user name: what stands in the place of the password is an identity token (docker's native_store.go). */
export const tokenUser = "<token>";

/** `base64(user:password)`: the first colon splits; some writers pad with NUL bytes. */
function decode(auth: string): { username: string; password: string } | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(auth)) return undefined;
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return undefined;
  let end = text.length;
  while (end > colon && text.charCodeAt(end - 1) === 0) end -= 1;
  return { username: text.slice(0, colon), password: text.slice(colon + 1, end) };
}

/** Tokens count before a password beside them, as in docker and go-containerregistry. */
export function readEntry(entry: AuthEntry): EntryContent {
  const pair = entry.auth
    ? decode(entry.auth.trim())
    : { username: entry.username ?? "", password: entry.password ?? "" };
  const named = pair?.username === tokenUser ? "" : (pair?.username ?? "");
  if (entry.registrytoken) return found({ kind: "registry-token", token: entry.registrytoken });
  if (entry.identitytoken)
    return found({ kind: "identity-token", username: named, token: entry.identitytoken });
  if (!entry.auth && !entry.username && !entry.password) return { kind: "empty" };
  if (pair === undefined || pairProblem(pair) !== undefined) return { kind: "malformed" };
  const { username, password } = pair;
  return username === tokenUser
    ? found({ kind: "identity-token", username: "", token: password })
    : found({ kind: "password", username, password });
}

function found(credential: Credential): EntryContent {
  // A token becomes part of a header or a form: blanks and line ends are never part of one.
  const broken = credential.kind !== "password" && !/^[\x21-\x7e]+$/.test(credential.token);
  return broken ? { kind: "malformed" } : { kind: "credential", credential };
}
