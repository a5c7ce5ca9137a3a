// TLS with real parts: docker-registry over https, and nginx with mutual TLS and single versions of TLS in front of one.
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { noSurroundings } from "../../electron/registry/network/surroundings.ts";
import { Registry } from "../../electron/registry/registry.ts";
import type { RegistrySettings } from "../../shared/endpoint.ts";
import { encryptKey, type KeyPair, pinOfFile, TestAuthority } from "../support/certificates.ts";
import { startNginx } from "../support/nginx.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { skopeoResult } from "../support/skopeo.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

let folder: TempFolder;
let plain: RealRegistry;
let authority: TestAuthority;
let stranger: TestAuthority;
let server: KeyPair;
let client: KeyPair;
const cleanups: (() => Promise<void>)[] = [];
const signal = () => AbortSignal.timeout(30_000);

beforeAll(async () => {
  folder = await tempFolder("tls");
  plain = await startRealRegistry();
  authority = await TestAuthority.make(folder.path);
  stranger = await TestAuthority.make(folder.path, "stranger");
  server = await authority.issue("server");
  client = await authority.issue("client", { use: "client" });
});
afterAll(async () => {
  await plain?.stop();
  await folder?.remove();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function registryAt(
  host: string,
  settings: Partial<RegistrySettings> = {},
  certRoots: string[] = [],
): Registry {
  const registry = new Registry({
    settings: {
      ...{ host, plainHttp: "never", insecureSkipVerify: false, trustedTokenHosts: [], connections: 4 },
      ...settings,
    },
    credentials: { get: async () => undefined },
    userAgent: "freightliner-test/1",
    network: { surroundings: { ...noSurroundings, certRoots } },
  });
  cleanups.push(() => registry.close());
  return registry;
}

/** How the way in ends: "reached", or the error. */
async function reach(host: string, settings: Partial<RegistrySettings> = {}, certRoots: string[] = []) {
  try {
    for await (const _page of registryAt(host, settings, certRoots).listRepositories({ signal: signal() }))
      break;
    return "reached";
  } catch (error) {
    return error;
  }
}

async function nginx(options: Partial<Parameters<typeof startNginx>[0]> = {}) {
  const running = await startNginx({ upstream: plain.host, server, ...options });
  cleanups.push(() => running.stop());
  return running;
}

describe("the version of TLS", () => {
  it("S011 nothing older than TLS 1.2 is spoken", async () => {
    const old = await nginx({ protocols: "TLSv1 TLSv1.1" });
    expect(await reach(old.host, { caFile: authority.cert })).toMatchObject({
      code: "tls",
      retryable: false,
      message: expect.stringContaining("TLS 1.2"),
    });
    // Also where the certificate does not matter.
    expect(await reach(old.host, { insecureSkipVerify: true })).toMatchObject({ code: "tls" });
    const usual = await nginx({ protocols: "TLSv1.2" });
    expect(await reach(usual.host, { caFile: authority.cert })).toBe("reached");
  });

  it("S011 TLS 1.3 alone is spoken where the settings ask for it", async () => {
    const settings = { caFile: authority.cert, tls13Only: true };
    const older = await nginx({ protocols: "TLSv1.2" });
    expect(await reach(older.host, settings)).toMatchObject({
      code: "tls",
      message: expect.stringContaining("1.3"),
    });
    const newer = await nginx({ protocols: "TLSv1.3" });
    expect(await reach(newer.host, settings)).toBe("reached");
    const steps = await registryAt(newer.host, settings).check(signal());
    expect(steps.find((step) => step.name === "tls")?.text).toContain("TLS 1.3");
  });

  it("S011 plain HTTP is spoken only where it was asked for, and never instead of TLS that failed", async () => {
    expect(await reach(plain.host)).toMatchObject({ code: "tls" });
    expect(await reach(plain.host, { plainHttp: "always" })).toBe("reached");
    const secure = await nginx();
    expect(await reach(secure.host, { plainHttp: "auto" })).toMatchObject({ code: "tls" });
  });
});

describe("authorities", () => {
  it("S012 a registry's own one counts beside the others, and for that registry alone", async () => {
    const secure = await nginx();
    expect(await reach(secure.host)).toMatchObject({
      code: "tls",
      message: expect.stringContaining("not trusted"),
    });
    expect(await reach(secure.host, { caFile: stranger.cert })).toMatchObject({ code: "tls" });
    expect(await reach(secure.host, { caFile: authority.cert })).toBe("reached");
    expect(await reach(secure.host)).toMatchObject({ code: "tls" });
  });

  it("S012 docker-registry over https with its own certificate", async () => {
    const real = await startRealRegistry({ tls: true });
    cleanups.push(() => real.stop());
    expect(await reach(real.host, { caFile: real.certificateFile })).toBe("reached");
    expect(await reach(real.host)).toMatchObject({ code: "tls" });
  });
});

describe("the client's certificate", () => {
  it("S012 lets us in where the registry asks for one; without it the error says so", async () => {
    const mutual = await nginx({ clientAuthority: authority.cert });
    const caFile = authority.cert;
    const signedIn = { caFile, clientCertFile: client.cert, clientKeyFile: client.key };
    expect(await reach(mutual.host, signedIn)).toBe("reached");
    expect(await reach(mutual.host, { caFile })).toMatchObject({
      code: "tls",
      message: expect.stringContaining("client certificate"),
    });
    const other = await stranger.issue("other-client", { use: "client" });
    expect(
      await reach(mutual.host, { caFile, clientCertFile: other.cert, clientKeyFile: other.key }),
    ).toMatchObject({ code: "tls", message: expect.stringContaining("client certificate") });
    const steps = await registryAt(mutual.host, signedIn).check(signal());
    expect(steps.filter((step) => step.outcome === "failed")).toEqual([]);
  });

  it("names the file that is missing, damaged, encrypted, of another certificate, or alone", async () => {
    const secure = await nginx();
    const use = (clientCertFile: string | undefined, clientKeyFile: string | undefined) =>
      reach(secure.host, {
        caFile: authority.cert,
        ...(clientCertFile === undefined ? {} : { clientCertFile }),
        ...(clientKeyFile === undefined ? {} : { clientKeyFile }),
      });
    const encrypted = await encryptKey(client.key, "open sesame");
    const noPem = join(folder.path, "no.pem");
    await writeFile(noPem, "nothing");
    const cases: [Promise<unknown>, string, string][] = [
      [use("/no/such.cert", client.key), "/no/such.cert", "cannot be read"],
      [use(client.cert, "/no/such.key"), "/no/such.key", "cannot be read"],
      [use(client.cert, encrypted), encrypted, "passphrase"],
      [use(client.cert, server.key), server.key, "does not belong"],
      [use(noPem, client.key), noPem, "no certificate"],
      [use(client.cert, noPem), noPem, "no private key"],
      [use(client.cert, undefined), secure.host, "without its key"],
      [use(undefined, client.key), secure.host, "without its certificate"],
    ];
    for (const [outcome, file, why] of cases) {
      const error = await outcome;
      expect(error).toMatchObject({ code: "configuration", message: expect.stringContaining(file) });
      expect(error).toMatchObject({ message: expect.stringContaining(why) });
    }
  });
});

describe("pins", () => {
  it("S012 a server with another key than the pinned ones is not spoken to", async () => {
    const secure = await nginx();
    const caFile = authority.cert;
    const [pin, above, wrong] = await Promise.all(
      [server.cert, authority.cert, stranger.cert].map((file) => pinOfFile(file)),
    );
    if (pin === undefined || above === undefined || wrong === undefined) throw new Error("no pins");
    expect(await reach(secure.host, { caFile, pins: [pin] })).toBe("reached");
    expect(await reach(secure.host, { caFile, pins: [wrong, above] })).toBe("reached");
    const refused = await reach(secure.host, { caFile, pins: [wrong] });
    expect(refused).toMatchObject({ code: "tls", retryable: false });
    expect(refused).toMatchObject({ message: expect.stringContaining(wrong) });
    expect(refused).toMatchObject({ message: expect.stringContaining(`found ${pin}`) });
    // Without a check of the chain an authority's key proves nothing, and the server's own still counts.
    const unchecked = { insecureSkipVerify: true } as const;
    expect(await reach(secure.host, { ...unchecked, pins: [pin] })).toBe("reached");
    expect(await reach(secure.host, { ...unchecked, pins: [above] })).toMatchObject({ code: "tls" });
  });

  it("S012 counts for every connection, also after the first, and never falls back to plain HTTP", async () => {
    const first = await nginx();
    const pins = [await pinOfFile(server.cert)];
    const registry = registryAt(first.host, { caFile: authority.cert, pins });
    const list = async () => {
      for await (const _page of registry.listRepositories({ signal: signal() })) break;
    };
    await list();
    await first.stop();
    // Another key on the same port: what was learned on the first connection must not open the second.
    const swapped = await authority.issue("swapped");
    const second = await startNginx({ upstream: plain.host, server: swapped, port: first.port });
    cleanups.push(() => second.stop());
    await expect(list()).rejects.toMatchObject({ code: "tls", message: expect.stringContaining("pin") });
    expect(await reach(plain.host, { plainHttp: "auto", pins })).toMatchObject({
      code: "tls",
      message: expect.stringContaining("plain http"),
    });
  });
});

describe("certs.d", () => {
  it("S012 serves podman's folder as skopeo reads it: authority and client certificate, by host and port", async () => {
    const mutual = await nginx({ clientAuthority: authority.cert });
    const root = join(folder.path, "certs.d");
    const own = join(root, mutual.host);
    await mkdir(own, { recursive: true });
    expect(await reach(mutual.host, {}, [root])).toMatchObject({ code: "tls" });
    await copyFile(authority.cert, join(own, "ca.crt"));
    await copyFile(client.cert, join(own, "me.cert"));
    await copyFile(client.key, join(own, "me.key"));
    expect(await reach(mutual.host, {}, ["/no/such/root", root])).toBe("reached");
    // The independent judge reads the same folder, and needs it.
    const judged = await skopeoResult(["list-tags", "--cert-dir", own, `docker://${mutual.host}/nothing`]);
    expect(judged.stderr).toMatch(/name unknown|404|not known/i);
    const without = await skopeoResult(["list-tags", `docker://${mutual.host}/nothing`]);
    expect(without.stderr).toMatch(/certificate/);
    // What the settings name takes the folder's place.
    expect(await reach(mutual.host, { caFile: stranger.cert }, [root])).toMatchObject({ code: "tls" });
  });

  it("names a certificate without its key, as podman does", async () => {
    const secure = await nginx();
    const root = join(folder.path, "lone");
    const own = join(root, secure.host);
    await mkdir(own, { recursive: true });
    await copyFile(authority.cert, join(own, "ca.crt"));
    await copyFile(client.cert, join(own, "me.cert"));
    expect(await reach(secure.host, {}, [root])).toMatchObject({
      code: "configuration",
      message: expect.stringContaining(join(own, "me.cert")),
    });
    const judged = await skopeoResult(["list-tags", "--cert-dir", own, `docker://${secure.host}/nothing`]);
    expect(judged.stderr).toMatch(/missing key/);
  });
});
