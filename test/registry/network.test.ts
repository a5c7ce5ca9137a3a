// The way to a registry: which proxy, which files, and what a proxy, a redirect target and a server get to see.
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TLSSocket } from "node:tls";
import { beforeAll, describe, expect, it } from "vitest";
import { Http } from "../../electron/registry/http.ts";
import { defaultDeadlines } from "../../electron/registry/limits.ts";
import { findCertFolder } from "../../electron/registry/network/cert-folders.ts";
import type { RegistryNetwork } from "../../electron/registry/network/connections.ts";
import { resolveName } from "../../electron/registry/network/local-names.ts";
import { bypassesProxy } from "../../electron/registry/network/no-proxy.ts";
import { chooseProxy } from "../../electron/registry/network/proxy.ts";
import { noSurroundings, type ProxyEnvironment } from "../../electron/registry/network/surroundings.ts";
import type { RegistrySettings } from "../../shared/endpoint.ts";
import { type KeyPair, pinOfFile, readPair, TestAuthority } from "../support/certificates.ts";
import { runCommand } from "../support/child.ts";
import { tempFolder } from "../support/temp.ts";
import { afterwards, collect, json, options, registryFor, serve } from "./scripted-server.ts";

const none = noSurroundings.proxies;

function environment(
  values: Partial<Record<"http" | "https" | "all", string>>,
  noProxy = "",
): ProxyEnvironment {
  const variable = (name: string, value: string | undefined) =>
    value === undefined ? undefined : { name, value };
  return {
    http: variable("HTTP_PROXY", values.http),
    https: variable("HTTPS_PROXY", values.https),
    all: variable("ALL_PROXY", values.all),
    noProxy,
  };
}

describe("NO_PROXY", () => {
  it.each<[string, string, boolean]>([
    ["https://registry.example.com/", "", false],
    ["https://registry.example.com/", "*", true],
    ["https://registry.example.com/", "example.com", true],
    ["https://example.com/", "example.com", true],
    ["https://badexample.com/", "example.com", false],
    ["https://example.com/", ".example.com", false],
    ["https://registry.example.com/", ".example.com", true],
    ["https://registry.example.com/", "*.example.com", true],
    ["https://REGISTRY.Example.com/", "other.org, EXAMPLE.COM", true],
    ["https://registry.example.com/", "a.org b.org registry.example.com", true],
    ["https://registry.example.com:5000/", "registry.example.com:5000", true],
    ["https://registry.example.com:5001/", "registry.example.com:5000", false],
    ["https://registry.example.com/", "registry.example.com:443", true],
    ["http://registry.example.com/", "registry.example.com:443", false],
    ["https://10.1.2.3/", "10.0.0.0/8", true],
    ["https://11.1.2.3/", "10.0.0.0/8", false],
    ["https://10.1.2.3/", "10.1.2.3", true],
    ["https://10.1.2.3:8443/", "10.1.2.3:8443", true],
    ["https://10.1.2.3/", "2.3", false],
    ["https://[2001:db8::1]/", "2001:db8::/32", true],
    ["https://[2001:db8::1]:5000/", "[2001:db8::1]:5000", true],
    ["https://[2001:db8:0::1]/", "2001:db8::1", true],
    ["https://registry.example.com/", "10.0.0.0/8,///,10.0.0.0/99,:,::::/x", false],
    // This machine is never asked for by a proxy that the environment names.
    ["http://localhost:5000/", "", true],
    ["http://127.0.0.1:5000/", "", true],
    ["http://[::1]:5000/", "", true],
  ])("%s with %j: %s", (url, noProxy, expected) => {
    expect(bypassesProxy(new URL(url), noProxy)).toBe(expected);
  });
});

describe("the choice of a proxy", () => {
  const https = new URL("https://registry.example.com/");
  const http = new URL("http://registry.example.com/");

  it("is the settings', else the environment's by scheme, else the one for all", () => {
    const both = environment({ http: "http://plain:3128", https: "secure:3129", all: "http://all:1" });
    expect(chooseProxy(https, undefined, both)).toMatchObject({
      url: new URL("http://secure:3129"),
      from: "HTTPS_PROXY",
    });
    expect(chooseProxy(http, undefined, both)?.url.host).toBe("plain:3128");
    expect(chooseProxy(http, undefined, environment({ all: "https://all:1" }))?.url.href).toBe(
      "https://all:1/",
    );
    expect(chooseProxy(https, "http://own:8080", both)).toMatchObject({
      from: "settings",
      authorization: undefined,
    });
    expect(chooseProxy(https, "none", both)).toBeUndefined();
    expect(chooseProxy(https, undefined, { ...both, noProxy: "example.com" })).toBeUndefined();
    // Who names a proxy for one registry means it.
    expect(chooseProxy(https, "http://own:8080", { ...both, noProxy: "example.com" })?.url.host).toBe(
      "own:8080",
    );
    expect(chooseProxy(https, undefined, none)).toBeUndefined();
  });

  it("takes a sign-in out of the environment's value, and keeps it out of the address", () => {
    const found = chooseProxy(
      https,
      undefined,
      environment({ https: "http://car%20ol:sword%3Afish@proxy:3128/path?x" }),
    );
    expect(found?.url.href).toBe("http://proxy:3128/");
    expect(found?.authorization).toBe(`Basic ${Buffer.from("car ol:sword:fish").toString("base64")}`);
  });

  it.each<[string, string]>([
    ["socks5://u:SECRETVALUE@proxy:1080", "socks5"],
    ["http://u:SECRETVALUE@:99999", "not the address"],
    ["http://u:%ZZSECRETVALUE@proxy:1", "percent"],
  ])("names the variable of an unusable value and nothing of it: %s", (value, why) => {
    const choose = () => chooseProxy(https, undefined, environment({ https: value }));
    expect(choose).toThrow(expect.objectContaining({ code: "configuration" }));
    expect(choose).toThrow(/HTTPS_PROXY/);
    expect(choose).toThrow(new RegExp(why));
    expect(choose).not.toThrow(/SECRETVALUE/);
  });

  it("takes no user name from a registry's settings", () => {
    expect(() => chooseProxy(https, "http://u:p@proxy:1", none)).toThrow(/sign-in/);
  });
});

interface HttpInput {
  readonly settings?: Partial<RegistrySettings>;
  readonly network?: Partial<RegistryNetwork>;
  readonly connectMs?: number;
}

function httpTo(host: string, { settings, network, connectMs }: HttpInput = {}): Http {
  const http = new Http({
    host,
    settings: { insecureSkipVerify: false, ...settings },
    network: { surroundings: noSurroundings, ...network },
    connections: 2,
    deadlines: { ...defaultDeadlines, ...(connectMs === undefined ? {} : { connectMs }) },
  });
  afterwards(() => http.close());
  return http;
}

function get(http: Http, url: string, headers: Record<string, string> = {}) {
  return http.send({
    method: "GET",
    url: new URL(url),
    headers,
    lane: "control",
    operation: "test",
    signal: new AbortController().signal,
  });
}

interface TestProxy {
  readonly url: string;
  /** First lines and headers of what it was asked. */
  readonly asked: { readonly line: string; readonly headers: IncomingHttpHeaders }[];
}

/** A proxy that resolves every name to this machine, and keeps what it was asked. */
async function startProxy(): Promise<TestProxy> {
  const asked: TestProxy["asked"] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    asked.push({ line: `${request.method} ${request.url}`, headers: request.headers });
    response.writeHead(200, { "content-type": "text/plain" }).end("relayed");
  });
  server.on("connect", (request, socket: Socket) => {
    asked.push({ line: `CONNECT ${request.url}`, headers: request.headers });
    const inner = connect(Number(request.url?.split(":").at(-1)), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(inner).pipe(socket);
    });
    for (const one of [socket, inner]) {
      sockets.add(one);
      one.on("error", () => undefined);
    }
  });
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterwards(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe("behind a proxy", () => {
  let pair: { readonly cert: string; readonly key: string };
  let authority: TestAuthority;
  beforeAll(async () => {
    const folder = await tempFolder("network");
    authority = await TestAuthority.make(folder.path);
    pair = await readPair(
      await authority.issue("server", { names: "DNS:registry.test,DNS:localhost,IP:127.0.0.1" }),
    );
    return () => folder.remove();
  });

  it("the proxy resolves the name; its password stays with it, and the registry's with the registry", async () => {
    const proxy = await startProxy();
    const seen: IncomingHttpHeaders[] = [];
    const registry = await serve((request, response) => {
      seen.push(request.headers);
      json(response, 200, {});
    }, pair);
    const signedIn = proxy.url.replace("http://", "http://carol:swordfish@");
    const http = httpTo(`registry.test:${registry.port}`, {
      settings: { caFile: authority.cert },
      network: {
        surroundings: { ...noSurroundings, proxies: environment({ https: signedIn, http: signedIn }) },
      },
    });
    const secret = { authorization: "Bearer REGISTRYTOKEN" };
    const answer = await get(http, `https://registry.test:${registry.port}/v2/`, secret);
    expect(answer.status).toBe(200);
    answer.body.resume();
    expect(proxy.asked[0]?.line).toBe(`CONNECT registry.test:${registry.port}`);
    expect(proxy.asked[0]?.headers["proxy-authorization"]).toBe(
      `Basic ${Buffer.from("carol:swordfish").toString("base64")}`,
    );
    expect(JSON.stringify(proxy.asked)).not.toContain("REGISTRYTOKEN");
    expect(seen[0]?.authorization).toBe("Bearer REGISTRYTOKEN");
    expect(JSON.stringify(seen)).not.toMatch(/proxy-authorization|swordfish/i);
    const relayed = await get(http, "http://registry.test/v2/?last=a%2Fb");
    relayed.body.resume();
    expect(proxy.asked.at(-1)).toMatchObject({
      line: "GET http://registry.test/v2/?last=a%2Fb",
      headers: { host: "registry.test" },
    });
  });

  it("S011 the certificate is checked for the registry's name, not for the proxy's", async () => {
    const proxy = await startProxy();
    const registry = await serve((_request, response) => json(response, 200, {}), pair);
    const settings = { caFile: authority.cert, proxy: proxy.url };
    const other = httpTo(`other.test:${registry.port}`, { settings });
    await expect(get(other, `https://other.test:${registry.port}/v2/`)).rejects.toMatchObject({
      code: "tls",
      message: expect.stringContaining("another host name"),
    });
    expect(registry.asked).toEqual([]);
  });

  it("S009 plain http on its own never goes through a proxy, though the host is called loopback", async () => {
    const heard: string[] = [];
    const server = createServer((request, response) => {
      heard.push(request.headers.authorization ?? "nothing");
      response.writeHead(401, { "www-authenticate": 'Basic realm="registry"' }).end();
    });
    // What a proxy does that wants to see the password: TLS never comes to be.
    server.on("connect", (_request, socket: Socket) => socket.resetAndDestroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    afterwards(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const tags = (plainHttp: "auto" | "always") => {
      const credential = { kind: "password", username: "u", password: "swordfish" } as const;
      const registry = registryFor("localhost:5000", { settings: { plainHttp, proxy }, credential });
      return collect(registry.listTags("app", options()));
    };
    await expect(tags("auto")).rejects.toMatchObject({ code: "unreachable" });
    expect(heard).toEqual([]);
    // Where it was asked for it is done.
    await expect(tags("always")).rejects.toMatchObject({ code: "unauthorized" });
    expect(heard.at(-1)).toMatch(/^Basic /);
  });

  it("what is no name is judged as ever; a name is left to the proxy", async () => {
    const proxy = await startProxy();
    const inside = await serve((_request, response) => void response.end("secret"));
    const http = httpTo("registry.example", { settings: { proxy: proxy.url } });
    for (const target of [
      `http://127.0.0.1:${inside.port}/`,
      "http://169.254.169.254/latest/meta-data/",
      "https://169.254.169.254/latest/",
      `http://localhost:${inside.port}/`,
      `https://[::1]:${inside.port}/`,
      "http://10.0.0.1/",
    ])
      await expect(get(http, target), target).rejects.toMatchObject({ code: "redirect-refused" });
    expect(proxy.asked).toEqual([]);
    const answer = await get(http, "http://storage.example/");
    answer.body.resume();
    expect(proxy.asked).toHaveLength(1);
    expect(inside.asked).toEqual([]);
  });

  it.each<[string, string, object]>([
    ["an answer without end", `HTTP/1.1 200 OK\r\nx: ${"y".repeat(20_000)}`, { code: "protocol" }],
    ["no HTTP", "SSH-2.0-OpenSSH_9.6\r\n\r\n", { code: "protocol" }],
    ["more than an answer", "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", { code: "protocol" }],
    [
      "a redirect",
      "HTTP/1.1 302 Found\r\nlocation: http://evil/\r\n\r\n",
      { code: "unreachable", retryable: false },
    ],
    ["503", "HTTP/1.1 503 Busy\r\n\r\n", { code: "unreachable", retryable: true }],
    [
      "a sign-in that is not spoken",
      "HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n\r\n",
      { code: "configuration", message: expect.stringContaining("Negotiate or NTLM") },
    ],
    [
      "the end",
      "",
      { code: "unreachable", message: expect.stringContaining("The proxy for registry.test:443") },
    ],
  ])("a proxy that answers CONNECT with %s is named", async (_name, answer, error) => {
    const server = createTcpServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    afterwards(async () => void (await new Promise((resolve) => server.close(resolve))));
    const { port } = server.address() as AddressInfo;
    const http = httpTo("registry.test", { settings: { proxy: `http://127.0.0.1:${port}` } });
    const outcome = await get(http, "https://registry.test/v2/").catch((thrown: unknown) => thrown);
    expect(outcome).toMatchObject({ side: "local", ...error });
    expect(outcome).toMatchObject({ message: expect.stringContaining(`127.0.0.1:${port}`) });
  });

  it("S013 a proxy that never answers is given up, and closing does not wait for it", async () => {
    const sockets = new Set<Socket>();
    const server = createTcpServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => sockets.delete(socket));
      socket.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    afterwards(async () => void (await new Promise((resolve) => server.close(resolve))));
    const settings = { proxy: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    const http = httpTo("registry.test", { settings, connectMs: 300 });
    await expect(get(http, "https://registry.test/v2/")).rejects.toMatchObject({
      code: "timeout",
      message: expect.stringContaining("The proxy for registry.test:443"),
    });
    const patient = httpTo("registry.test", { settings, connectMs: 60_000 });
    const hanging = get(patient, "https://registry.test/v2/");
    hanging.catch(() => undefined);
    await expect.poll(() => sockets.size).toBeGreaterThan(0);
    await patient.close();
    await expect(hanging).rejects.toMatchObject({ code: "cancelled" });
    await expect.poll(() => sockets.size).toBe(0);
  });
});

describe("S013 the connection's own deadline", () => {
  it("counts until TLS stands, however quickly the port opened", async () => {
    const sockets = new Set<Socket>();
    const server = createTcpServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    afterwards(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const began = performance.now();
    await expect(get(httpTo(host, { connectMs: 300 }), `https://${host}/v2/`)).rejects.toMatchObject({
      code: "timeout",
    });
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe("what only the registry itself gets", () => {
  let authority: TestAuthority;
  let server: KeyPair;
  let client: KeyPair;
  beforeAll(async () => {
    const folder = await tempFolder("mutual");
    authority = await TestAuthority.make(folder.path);
    server = await authority.issue("server");
    client = await authority.issue("client", { use: "client" });
    return () => folder.remove();
  });

  it("S012 the client's certificate goes to its host and port, and to no redirect target", async () => {
    const shown: string[] = [];
    const tls = {
      ...(await readPair(server)),
      requestCert: true,
      rejectUnauthorized: false,
    };
    const listen = () =>
      serve((request, response) => {
        const subject = (request.socket as TLSSocket).getPeerCertificate().subject;
        shown.push(`${request.headers.host} ${subject === undefined ? "nobody" : subject.CN}`);
        json(response, 200, {});
      }, tls);
    const [registry, other] = [await listen(), await listen()];
    const http = httpTo(registry.host, {
      settings: { caFile: authority.cert, clientCertFile: client.cert, clientKeyFile: client.key },
    });
    for (const url of [
      `https://${registry.host}/v2/`,
      `https://localhost:${registry.port}/elsewhere`,
      `https://${other.host}/same-host-other-port`,
      `https://${registry.host}/again`,
    ])
      (await get(http, url)).body.resume();
    expect(shown).toEqual([
      `${registry.host} client`,
      `localhost:${registry.port} nobody`,
      `${other.host} nobody`,
      `${registry.host} client`,
    ]);
  });

  it("S012 pins count for the registry's host on every port, and not for redirect targets", async () => {
    const pair = await readPair(server);
    const strange = await readPair(await authority.issue("strange"));
    const registry = await serve((_request, response) => json(response, 200, {}), pair);
    const other = await serve((_request, response) => json(response, 200, {}), strange);
    const http = httpTo(registry.host, {
      settings: { caFile: authority.cert, pins: [await pinOfFile(server.cert)] },
    });
    (await get(http, `https://${registry.host}/v2/`)).body.resume();
    (await get(http, `https://localhost:${other.port}/blob`)).body.resume();
    await expect(get(http, `https://${other.host}/v2/`)).rejects.toMatchObject({ code: "tls" });
    // A connection that is closed and made anew is looked at again.
    for (const socket of registry.open) socket.destroy();
    await sleep(20);
    (await get(http, `https://${registry.host}/v2/`)).body.resume();
    expect(registry.connections()).toBe(2);
  });

  it("S012 a certificate that only bears an authority's name is none of its chain", async () => {
    // Sent along by the server, with the pinned authority's key and the name of the one that really signed.
    const folder = await tempFolder("forged");
    afterwards(() => folder.remove());
    const pinned = await TestAuthority.make(folder.path, "pinned");
    const forged = join(folder.path, "forged.pem");
    const made = await runCommand("openssl", [
      ...["req", "-x509", "-key", pinned.key, "-days", "2", "-out", forged],
      ...["-subj", "/O=Freightliner tests/CN=authority"],
    ]);
    expect(made.code).toBe(0);
    const own = await readPair(server);
    const cert = `${own.cert}\n${(await readPair({ cert: forged, key: server.key })).cert}`;
    const registry = await serve((_request, response) => json(response, 200, {}), { key: own.key, cert });
    const http = httpTo(registry.host, {
      settings: { caFile: authority.cert, pins: [await pinOfFile(pinned.cert)] },
    });
    await expect(get(http, `https://${registry.host}/v2/`)).rejects.toMatchObject({ code: "tls" });
    expect(registry.asked).toEqual([]);
  });

  // Elsewhere the store is a keychain that a test leaves alone.
  it.runIf(process.platform === "linux")(
    "S011 the system's authorities are trusted beside the built-in ones",
    async () => {
      const registry = await serve((_request, response) => json(response, 200, {}), await readPair(server));
      const script = `
      import { Http } from ${JSON.stringify(join(import.meta.dirname, "../../electron/registry/http.ts"))};
      import { defaultDeadlines } from ${JSON.stringify(join(import.meta.dirname, "../../electron/registry/limits.ts"))};
      const http = new Http({ host: ${JSON.stringify(registry.host)}, settings: { insecureSkipVerify: false }, connections: 1, deadlines: defaultDeadlines });
      const url = new URL("https://${registry.host}/v2/");
      const outcome = await http.send({ method: "GET", url, headers: {}, lane: "control", operation: "x", signal: new AbortController().signal })
        .then((answer) => { answer.body.resume(); return answer.status; }, (error) => error.code);
      console.log(outcome);
      await http.close();`;
      const env = { PATH: process.env.PATH };
      const run = (more: Record<string, string>) =>
        runCommand(process.execPath, ["--input-type=module-typescript", "-e", script], {
          env: { ...env, ...more },
        });
      const trusted = await run({ SSL_CERT_FILE: authority.cert });
      expect(trusted.stdout.toString(), trusted.stderr).toBe("200\n");
      expect((await run({})).stdout.toString()).toBe("tls\n");
    },
  );
});

describe("files that settings name", () => {
  it("S013 are not waited for where they are pipes", async () => {
    const folder = await tempFolder("network");
    afterwards(() => folder.remove());
    const caFile = join(folder.path, "ca.pem");
    await runCommand("mkfifo", [caFile]);
    await expect(
      get(httpTo("localhost:1", { settings: { caFile } }), "https://localhost:1/"),
    ).rejects.toMatchObject({
      code: "configuration",
      message: expect.stringContaining("cannot be read"),
    });
  });
});

describe("certs.d folders", () => {
  it("are found by host and port, the first folder first, and never outside of it", async () => {
    const folder = await tempFolder("certs");
    afterwards(() => folder.remove());
    const [first, second] = [join(folder.path, "a"), join(folder.path, "b")];
    const put = async (path: string, ...files: string[]) => {
      await mkdir(path, { recursive: true });
      for (const file of files) await writeFile(join(path, file), "x");
    };
    await put(join(second, "registry.example:5000"), "z.crt", "a.crt", "me.cert", "me.key", "notes.txt");
    await put(join(second, "secure.example:443"), "ca.crt");
    await put(join(second, "plain.example"), "ca.crt");
    await put(join(first, "plain.example"));
    const find = (host: string) => findCertFolder([first, second], host);
    const found = join(second, "registry.example:5000");
    expect(await find("registry.example:5000")).toEqual({
      path: found,
      authorities: [join(found, "a.crt"), join(found, "z.crt")],
      client: { cert: join(found, "me.cert"), key: join(found, "me.key") },
    });
    expect(await find("registry.example")).toBeUndefined();
    expect((await find("secure.example"))?.path).toBe(join(second, "secure.example:443"));
    expect((await find("plain.example:443"))?.path).toBe(join(first, "plain.example"));
    for (const host of ["..", ".", "", "../b/plain.example", "..\\b"])
      expect(await find(host), host).toBeUndefined();
    await put(join(first, "lone.example"), "me.key");
    await expect(find("lone.example")).rejects.toMatchObject({
      code: "configuration",
      message: expect.stringContaining("me.cert"),
    });
    if (process.getuid?.() !== 0) {
      await chmod(join(first, "lone.example"), 0);
      expect(await find("lone.example")).toBeUndefined();
      await chmod(join(first, "lone.example"), 0o700);
    }
  });
});

describe("names below localhost", () => {
  it("are this machine without a question to a name service, in every part of the way", async () => {
    const other = await serve((_request, response) => json(response, 200, { over: "there" }));
    const registry = await serve((_request, response) => json(response, 200, {}));
    const named = `registry.localhost:${registry.port}`;
    const http = httpTo(named);
    for (const host of [named, `REGISTRY.LOCALHOST:${registry.port}`, `a.b.localhost:${registry.port}`])
      (await get(http, `http://${host}/v2/`)).body.resume();
    expect(registry.asked.map(({ headers }) => headers.host)).toEqual([
      named,
      named,
      `a.b.localhost:${registry.port}`,
    ]);
    (await get(http, `http://storage.localhost:${other.port}/blob`)).body.resume();
    expect(other.asked.map(({ url }) => url)).toEqual(["/blob"]);
  });

  it("are found by the check, and plain http there is called what it is", async () => {
    const registry = await serve((request, response) =>
      json(response, request.url === "/v2/" ? 200 : 404, {}),
    );
    const client = registryFor(`x.localhost:${registry.port}`, { settings: { plainHttp: "auto" } });
    const steps = await client.check(options().signal);
    expect(steps.find(({ name }) => name === "dns")).toMatchObject({
      outcome: "passed",
      text: "x.localhost is 127.0.0.1, ::1.",
    });
    expect(steps.find(({ name }) => name === "tls")).toMatchObject({
      outcome: "passed",
      text: "Plain HTTP on this machine: nothing leaves it.",
    });
  });

  it("are asked for in one family where that is wanted", async () => {
    const ask = (family: 4 | 6) =>
      new Promise((resolve) => {
        resolveName("x.localhost", { all: true, family }, (...answer) => resolve(answer));
      });
    expect(await ask(4)).toEqual([null, [{ address: "127.0.0.1", family: 4 }]]);
    expect(await ask(6)).toEqual([null, [{ address: "::1", family: 6 }]]);
  });
});
