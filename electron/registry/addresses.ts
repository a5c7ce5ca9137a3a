// Which part of the network an address belongs to, and which parts a registry may send us on to.
import { BlockList, isIP, isIPv4 } from "node:net";

export type Zone = "public" | "private" | "loopback" | "link-local";

function blocks(entries: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of entries) list.addSubnet(net, prefix, isIPv4(net) ? "ipv4" : "ipv6");
  return list;
}

const loopback = blocks([
  ["127.0.0.0", 8],
  ["::1", 128],
]);
const linkLocal = blocks([
  ["169.254.0.0", 16],
  ["fe80::", 10],
]);
/** RFC 1918, carrier-grade NAT, "this network", benchmarks, ULA and everything else that no public host has (RFC 6890). */
const notPublic = blocks([
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
  ["::", 128],
  ["64:ff9b:1::", 48],
  ["fc00::", 7],
  ["fec0::", 10],
  ["ff00::", 8],
]);

/** An IPv4 address inside an IPv6 one (mapped, or NAT64) is judged as what it reaches. */
function embeddedV4(address: string): string | undefined {
  const mapped = /^(?:::ffff:|64:ff9b::)(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const hex = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address);
  if (hex?.[1] === undefined || hex[2] === undefined) return undefined;
  const high = Number.parseInt(hex[1], 16);
  const low = Number.parseInt(hex[2], 16);
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** @param address a literal IP address without brackets; anything else counts as private, the careful side. */
export function zoneOf(address: string): Zone {
  const bare = embeddedV4(address) ?? address.split("%", 1)[0] ?? address;
  const family = isIP(bare);
  if (family === 0) return "private";
  const kind = family === 4 ? "ipv4" : "ipv6";
  if (loopback.check(bare, kind)) return "loopback";
  if (linkLocal.check(bare, kind)) return "link-local";
  return notPublic.check(bare, kind) ? "private" : "public";
}

/**
 * May a registry in zone `from` send us to an address in zone `to`? Never further inside than it is itself;
 * link-local holds the cloud metadata services, so only a link-local registry may name it.
 */
export function mayReach(from: Zone, to: Zone): boolean {
  if (to === "public") return true;
  if (to === "link-local") return from === "link-local";
  if (to === "private") return from === "private" || from === "loopback";
  return from === "loopback";
}

/** The host name of a URL without the brackets of IPv6. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

/** A name that connections never ask a name service for: see network/local-names.ts. */
export function isBelowLocalhost(name: string): boolean {
  return name.toLowerCase().endsWith(".localhost");
}

/** True for `localhost`, names below it, and loopback addresses: nothing of it leaves this machine. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "").toLowerCase();
  if (bare === "localhost" || isBelowLocalhost(bare)) return true;
  return isIP(bare) !== 0 && zoneOf(bare) === "loopback";
}
