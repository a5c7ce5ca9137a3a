// Which hosts NO_PROXY takes out: the rules of curl and of Go's programs, https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
import { BlockList, isIP, isIPv4 } from "node:net";
import { bareHost, isLoopbackHost } from "../addresses.ts";

/** More entries are somebody's mistake; they are not looked at. */
const maxEntries = 1000;

/**
 * True where the target is reached directly: this machine itself always, else an entry that matches. `example.com` stands
 * for the host and all below it, `.example.com` and `*.example.com` for those below, `10.0.0.0/8` for addresses, `*` for all;
 * each may end in `:port`. Names are not resolved.
 */
export function bypassesProxy(target: URL, noProxy: string): boolean {
  const host = bareHost(target).toLowerCase();
  if (isLoopbackHost(host)) return true;
  const port = target.port === "" ? (target.protocol === "https:" ? "443" : "80") : target.port;
  return noProxy
    .split(/[\s,]+/, maxEntries)
    .filter((entry) => entry !== "")
    .some((entry) => matches(entry.toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return inNetwork(entry, host);
  const { name, port: wanted } = splitPort(entry);
  if (wanted !== undefined && wanted !== port) return false;
  if (isIP(name) !== 0) return isIP(host) !== 0 && sameAddress(name, host);
  if (isIP(host) !== 0) return false;
  const below = name.replace(/^\*?\./, ".");
  return below.startsWith(".") ? host.endsWith(below) : host === below || host.endsWith(`.${below}`);
}

/** `host`, `host:port`, `[::1]:port`, `::1`. */
function splitPort(entry: string): { readonly name: string; readonly port: string | undefined } {
  if (isIP(entry) !== 0) return { name: entry, port: undefined };
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::([0-9]{1,5}))?$/.exec(entry) ?? [];
  return { name: bracketed ?? plain ?? entry, port };
}

function sameAddress(one: string, other: string): boolean {
  const list = new BlockList();
  list.addAddress(one, isIPv4(one) ? "ipv4" : "ipv6");
  return list.check(other, isIPv4(other) ? "ipv4" : "ipv6");
}

function inNetwork(entry: string, host: string): boolean {
  const [, net, bits] = /^([0-9a-f.:]+)\/([0-9]{1,3})$/.exec(entry) ?? [];
  if (net === undefined || isIP(net) === 0 || isIP(host) === 0) return false;
  const prefix = Number(bits);
  if (prefix > (isIPv4(net) ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(net, prefix, isIPv4(net) ? "ipv4" : "ipv6");
  return list.check(host, isIPv4(host) ? "ipv4" : "ipv6");
}
