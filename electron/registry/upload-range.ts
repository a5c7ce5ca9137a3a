// What the Range header of an upload says, in the dialects that registries speak (facts: protocol.md 2.8).

/** The last byte's number, or undefined where the header is missing or odd. Quay writes -1 for nothing. */
function lastByteOf(header: string | undefined): number | undefined {
  const found = /^\s*(?:bytes[=\s]\s*)?0-(-?[0-9]{1,15})\s*$/.exec(header ?? "");
  return found === null ? undefined : Number(found[1]);
}

/** Quay's status names the number of bytes where the number of the last one belongs; only its prefix gives it away. */
function hasUnit(header: string): boolean {
  return header.trimStart().startsWith("bytes");
}

/**
 * Bytes that a registry has after a part that should make `expected`. A registry that says nothing has taken what it was
 * sent, as its 202 says; off by one in Quay's way is the same.
 */
export function offsetAfterPart(header: string | undefined, expected: number): number {
  const last = lastByteOf(header);
  if (last === undefined || header === undefined) return expected;
  if (hasUnit(header) && last === expected) return expected;
  return last + 1;
}

/**
 * Bytes that a registry has by the status of an upload; undefined where that cannot be relied on: no Range, fewer bytes
 * than it acknowledged, more than the blob has, `0-0` for nothing and for one byte alike.
 */
export function offsetOfStatus(
  header: string | undefined,
  { acknowledged, size }: { readonly acknowledged: number; readonly size: number },
): number | undefined {
  const last = lastByteOf(header);
  if (last === undefined || header === undefined || last <= 0) return undefined;
  const count = last + 1;
  if (hasUnit(header)) return last === acknowledged || count === acknowledged ? acknowledged : undefined;
  return count >= acknowledged && count <= size ? count : undefined;
}
