// What one entry of docker's config.json says: a name and password, a token, or nothing.
import type { AuthEntry } from "./docker-config.ts";

export type EntryContent =
  | { readonly kind: "password"; readonly username: string; readonly password: string }
  | { readonly kind: "token" }
  /** A marker, as docker leaves it where a helper holds the secret. */
  | { readonly kind: "empty" }
  | { readonly kind: "malformed" };

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

export function readEntry(entry: AuthEntry): EntryContent {
  const pair = entry.auth
    ? decode(entry.auth.trim())
    : { username: entry.username ?? "", password: entry.password ?? "" };
  const token = Boolean(entry.identitytoken) || Boolean(entry.registrytoken);
  if (pair !== undefined && pair.username !== "" && pair.password !== "") {
    return pair.username === "<token>" ? { kind: "token" } : { kind: "password", ...pair };
  }
  if (token) return { kind: "token" };
  const nothing = !entry.auth && !entry.username && !entry.password;
  return { kind: nothing ? "empty" : "malformed" };
}
