// What the Range header of an upload says, in the dialects that registries speak (facts: protocol.md 2.8).

/** The last byte's number, or undefined where the header is missing or odd. Quay writes -1 for nothing. */
function lastByteOf(header: string | undefined): number | undefined {
  const found = /^\s*(?:bytes[=\s]\s*)?0-(-?[0-9]{1,15})\s*$/.exec(header ?? "");
  return found === null ? undefined : Number(found[1]);
}

/** Quay's status names the number of bytes where the number of the last one belongs; others err the other way. */
function isNear(count: number, expected: number): boolean {
  return Math.abs(count - expected) <= 1;
}

/**
 * Bytes that a registry has after a part that should make `expected`. A registry that says nothing has taken what it was
 * sent, as its 202 says; off by one is the same.
 */
export function offsetAfterPart(header: string | undefined, expected: number): number {
  const last = lastByteOf(header);
  return last === undefined || isNear(last + 1, expected) ? expected : last + 1;
}

/**
 * Bytes that a registry has by the status of an upload; undefined where that cannot be relied on: no Range, fewer bytes
 * than it acknowledged, more than the blob has, `0-0` for nothing and for one byte alike, Quay's unit with a number that is
 * not what was acknowledged.
 */
export function offsetOfStatus(
  header: string | undefined,
  { acknowledged, size }: { readonly acknowledged: number; readonly size: number },
): number | undefined {
  const last = lastByteOf(header);
  if (last === undefined || last <= 0) return undefined;
  const count = last + 1;
  if (acknowledged > 0 && isNear(count, acknowledged)) return acknowledged;
  const countsBytes = header?.trimStart().startsWith("bytes") === true;
  return !countsBytes && count > acknowledged && count <= size ? count : undefined;
}
