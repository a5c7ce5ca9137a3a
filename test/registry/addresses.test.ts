import type { LookupAddress } from "node:dns";
import { describe, expect, it } from "vitest";
import { bareHost, isLoopbackHost, mayReach, type Zone, zoneOf } from "../../electron/registry/addresses.ts";
import { guardedLookup } from "../../electron/registry/guarded-lookup.ts";

describe("zones of addresses", () => {
  it.each<[string, Zone]>([
    ["8.8.8.8", "public"],
    ["2606:4700::1111", "public"],
    ["127.0.0.1", "loopback"],
    ["127.9.9.9", "loopback"],
    ["::1", "loopback"],
    ["::ffff:127.0.0.1", "loopback"],
    ["::ffff:7f00:1", "loopback"],
    ["10.1.2.3", "private"],
    ["172.16.0.1", "private"],
    ["172.32.0.1", "public"],
    ["192.168.1.1", "private"],
    ["100.64.0.1", "private"],
    ["0.0.0.0", "private"],
    ["::", "private"],
    ["fd00::1", "private"],
    ["224.0.0.1", "private"],
    ["255.255.255.255", "private"],
    ["64:ff9b::10.0.0.1", "private"],
    ["64:ff9b::808:808", "public"],
    ["169.254.169.254", "link-local"],
    ["::ffff:169.254.169.254", "link-local"],
    ["fe80::1%eth0", "link-local"],
    ["not an address", "private"],
  ])("%s is %s", (address, zone) => {
    expect(zoneOf(address)).toBe(zone);
  });

  it("lets nobody lead further inside than they are", () => {
    const zones: readonly Zone[] = ["public", "private", "loopback", "link-local"];
    const allowed = zones.flatMap((from) =>
      zones.filter((to) => mayReach(from, to)).map((to) => `${from}→${to}`),
    );
    expect(allowed).toEqual([
      "public→public",
      "private→public",
      "private→private",
      "loopback→public",
      "loopback→private",
      "loopback→loopback",
      "link-local→public",
      "link-local→link-local",
    ]);
  });

  it("knows loopback names and nothing that only looks like one", () => {
    for (const host of ["localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "[::1]", "127.5.5.5"])
      expect(isLoopbackHost(host), host).toBe(true);
    for (const host of ["localhost.example.com", "mylocalhost", "10.0.0.1", "127.0.0.1.example.com"])
      expect(isLoopbackHost(host), host).toBe(false);
    expect(bareHost(new URL("https://[::1]:5000/"))).toBe("::1");
  });
});

describe("guarded name resolution", () => {
  const good: LookupAddress = { address: "8.8.8.8", family: 4 };
  const bad: LookupAddress = { address: "10.0.0.1", family: 4 };
  const judge = (_host: string, address: string) =>
    zoneOf(address) === "public" ? undefined : new Error(`no ${address}`);

  function look(answer: readonly LookupAddress[] | NodeJS.ErrnoException, all: boolean): Promise<unknown> {
    const lookup = guardedLookup(
      (_host, _options, callback) =>
        answer instanceof Error ? callback(answer, []) : callback(null, [...answer]),
      judge,
    );
    return new Promise((resolve) => {
      lookup("host.example", { all }, (error, address) => resolve(error?.message ?? address));
    });
  }

  it("gives checked addresses, in both forms", async () => {
    expect(await look([good], true)).toEqual([good]);
    expect(await look([good], false)).toBe("8.8.8.8");
  });
  it("refuses a name with one forbidden address among good ones", async () => {
    expect(await look([good, bad], true)).toBe("no 10.0.0.1");
  });
  it("passes failures on", async () => {
    expect(await look(new Error("ENOTFOUND"), true)).toBe("ENOTFOUND");
    expect(await look([], true)).toMatch(/no address/);
  });
});
