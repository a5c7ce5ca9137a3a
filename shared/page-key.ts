// How a page of the web host shows its key: the half of a session that no browser sends by itself.

/** Where a page keeps it. */
export const pageKeyName = "freightliner.page-key";
/** With requests. */
export const pageKeyHeader = "x-freightliner-key";

/** Of the two protocols that a page offers for its WebSocket this is the one that the host takes up. */
export const socketProtocol = "freightliner";
const keyPrefix = "key.";

/** A browser's WebSocket takes no headers, but names of protocols. */
export function socketProtocols(key: string): string[] {
  return [socketProtocol, `${keyPrefix}${key}`];
}

/** The key among the protocols that a client offers; two keys are none. */
export function keyAmongProtocols(header: string | undefined): string | undefined {
  const keys = (header ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name.startsWith(keyPrefix))
    .map((name) => name.slice(keyPrefix.length));
  return keys.length === 1 ? keys[0] : undefined;
}
