// Registries behind a real proxy: tinyproxy, with and without a sign-in, by CONNECT and by the absolute form.
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { connect as connectPlain } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ProxySignIn } from "../../electron/registry/network/connections.ts";
import { noSurroundings } from "../../electron/registry/network/surroundings.ts";
import { Registry } from "../../electron/registry/registry.ts";
import type { RegistrySettings } from "../../shared/endpoint.ts";
import { describeBytes, emptyImage, streamOf } from "../registry/samples.ts";
import { collect } from "../registry/scripted-server.ts";
import { readPair, TestAuthority } from "../support/certificates.ts";
import { freePort } from "../support/child.ts";
import * as raw from "../support/raw-http.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { startTinyproxy, type Tinyproxy } from "../support/tinyproxy.ts";

const alice = { user: "alice", password: "correct horse" };
const proxyUser = { user: "carol", password: "swordfish" };
const signedIn = { username: proxyUser.user, password: proxyUser.password };

let plain: RealRegistry;
let secure: RealRegistry;
let open: Tinyproxy;
let guarded: Tinyproxy;
const opened: Registry[] = [];
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  plain = await startRealRegistry(alice);
  secure = await startRealRegistry({ ...alice, tls: true });
  open = await startTinyproxy();
  guarded = await startTinyproxy(proxyUser);
});
afterAll(async () => {
  for (const part of [plain, secure, open, guarded]) await part?.stop();
});
afterEach(async () => {
  for (const registry of opened.splice(0)) await registry.close();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Input {
  readonly settings?: Partial<RegistrySettings>;
  readonly proxySignIn?: ProxySignIn;
}

function registryAt(server: Pick<RealRegistry, "host" | "certificateFile">, input: Input): Registry {
  const { host, certificateFile } = server;
  const registry = new Registry({
    settings: {
      ...{ host, insecureSkipVerify: false, trustedTokenHosts: [], connections: 4 },
      plainHttp: certificateFile === undefined ? "always" : "never",
      ...(certificateFile === undefined ? {} : { caFile: certificateFile }),
      ...input.settings,
    },
    credentials: {
      get: async () => ({ kind: "password", username: alice.user, password: alice.password }),
    },
    userAgent: "freightliner-test/1",
    network: { surroundings: noSurroundings, proxySignIn: async () => input.proxySignIn },
  });
  opened.push(registry);
  return registry;
}

const signal = () => ({ signal: AbortSignal.timeout(60_000) });
const failureOf = (registry: Registry) =>
  collect(registry.listRepositories(signal())).catch((error: unknown) => error);

/** Writes and reads through the registry client; the registry is looked at without the proxy. */
async function pushAndPull(registry: Registry, server: RealRegistry, repository: string): Promise<void> {
  const bytes = randomBytes(3 * 1024 * 1024);
  const blob = describeBytes(bytes);
  await registry.putBlob(repository, blob, streamOf(bytes), signal());
  await registry.putManifest(repository, emptyImage.digest, emptyImage, signal()).catch(async () => {
    const config = Buffer.from("{}");
    await registry.putBlob(repository, describeBytes(config), streamOf(config), signal());
    await registry.putManifest(repository, emptyImage.digest, emptyImage, signal());
  });
  const { body } = await registry.openBlob(repository, blob, signal());
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  expect(raw.sha256(Buffer.concat(chunks))).toBe(blob.digest);
  expect(await raw.hasBlob(server, repository, blob.digest)).toBe(true);
}

describe("a proxy of the registry's settings", () => {
  it("carries plain HTTP in the absolute form", async () => {
    await pushAndPull(registryAt(plain, { settings: { proxy: open.url } }), plain, "by/absolute");
    const log = await open.log();
    expect(log).toContain(`GET http://${plain.host}/v2/`);
    expect(log).toContain(`PUT http://${plain.host}/v2/by/absolute/`);
    expect(log).not.toContain(`CONNECT ${plain.host}`);
  });

  it("carries HTTPS through CONNECT, and sees nothing of it", async () => {
    await pushAndPull(registryAt(secure, { settings: { proxy: open.url } }), secure, "by/connect");
    const log = await open.log();
    expect(log).toContain(`CONNECT ${secure.host}`);
    expect(log).not.toContain("by/connect");
    const steps = await registryAt(secure, { settings: { proxy: open.url } }).check(signal().signal);
    expect(steps.filter((step) => step.outcome === "failed")).toEqual([]);
    expect(steps[0]).toMatchObject({
      name: "dns",
      outcome: "skipped",
      text: expect.stringContaining(open.url),
    });
    expect(steps.find((step) => step.name === "tls")?.text).toMatch(/TLS 1\.[23], certificate by/);
  });

  it("is signed in to with its own user name, beside the registry's", async () => {
    for (const server of [plain, secure]) {
      const registry = registryAt(server, { settings: { proxy: guarded.url }, proxySignIn: signedIn });
      await pushAndPull(registry, server, "by/guarded");
    }
  });

  it("names itself where its sign-in is missing or wrong: the registry's password is not at fault", async () => {
    for (const server of [plain, secure]) {
      const settings = { proxy: guarded.url };
      const missing = await failureOf(registryAt(server, { settings }));
      expect(missing).toMatchObject({ code: "configuration", status: 407, side: "local", retryable: false });
      expect(missing).toMatchObject({
        message: expect.stringContaining(`The proxy 127.0.0.1:${guarded.port}`),
      });
      expect(missing).toMatchObject({ message: expect.stringContaining("none were given") });
      const wrong = await failureOf(
        registryAt(server, { settings, proxySignIn: { username: "carol", password: "wrong" } }),
      );
      expect(wrong).toMatchObject({
        code: "configuration",
        message: expect.stringContaining("refused the user"),
      });
      expect(JSON.stringify([missing, wrong, String(wrong), String(missing)])).not.toMatch(
        /swordfish|correct horse/,
      );
    }
  });

  it("names itself where it is down, and the target where that is", async () => {
    const port = await freePort();
    for (const server of [plain, secure]) {
      const down = await failureOf(registryAt(server, { settings: { proxy: `http://127.0.0.1:${port}` } }));
      expect(down).toMatchObject({ code: "unreachable", retryable: true });
      expect(down).toMatchObject({
        message: expect.stringMatching(new RegExp(`proxy.*127\\.0\\.0\\.1:${port}`)),
      });
    }
    const nobody = { host: `127.0.0.1:${port}`, certificateFile: secure.certificateFile };
    const lost = await failureOf(registryAt(nobody as RealRegistry, { settings: { proxy: open.url } }));
    expect(lost).toMatchObject({ code: "unreachable", retryable: true });
    expect(lost).toMatchObject({ message: expect.stringContaining(`could not reach 127.0.0.1:${port}`) });
  });

  it("says where it does not let us through to a port", async () => {
    const narrow = await startTinyproxy({ connectPorts: [1] });
    cleanups.push(() => narrow.stop());
    const refused = await failureOf(registryAt(secure, { settings: { proxy: narrow.url } }));
    expect(refused).toMatchObject({ code: "unreachable", retryable: false, status: 403 });
    expect(refused).toMatchObject({ message: expect.stringContaining(secure.host) });
  });
});

describe("a proxy that speaks TLS itself", () => {
  let folder: TempFolder;
  let authority: TestAuthority;
  beforeAll(async () => {
    folder = await tempFolder("tls-proxy");
    authority = await TestAuthority.make(folder.path);
    return () => folder.remove();
  });

  it("is trusted by the registry's own authorities, and carries both kinds", async () => {
    const pair = await readPair(await authority.issue("proxy"));
    // tinyproxy itself speaks no TLS; what comes out of the TLS goes to it byte by byte.
    const server = createTlsServer(pair, (socket) => {
      const inner = connectPlain(open.port, "127.0.0.1");
      for (const one of [socket, inner]) one.on("error", () => undefined);
      socket.pipe(inner).pipe(socket);
      socket.once("close", () => inner.destroy());
      inner.once("close", () => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cleanups.push(async () => {
      await new Promise((resolve) => server.close(resolve));
    });
    const address = server.address();
    const proxy = `https://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
    const both = `${folder.path}/both.pem`;
    await writeFile(
      both,
      `${await readFile(authority.cert, "utf8")}${await readFile(secure.certificateFile ?? "", "utf8")}`,
    );
    await pushAndPull(registryAt(secure, { settings: { proxy, caFile: both } }), secure, "by/tls-connect");
    await pushAndPull(registryAt(plain, { settings: { proxy, caFile: both } }), plain, "by/tls-absolute");
    const strange = await failureOf(registryAt(secure, { settings: { proxy } }));
    expect(strange).toMatchObject({ code: "tls", message: expect.stringContaining("The proxy for") });
    for (const registry of opened.splice(0)) await registry.close();
  });
});
