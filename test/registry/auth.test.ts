// Signing in, judged by what scripted servers were asked.
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Registry } from "../../electron/registry/registry.ts";
import {
  afterwards,
  collect,
  json,
  options,
  registryFor,
  type ScriptedServer,
  serve,
} from "./scripted-server.ts";

const alice = { kind: "password" as const, username: "alice", password: "s3cret:with colon" };
const basic = `Basic ${Buffer.from("alice:s3cret:with colon").toString("base64")}`;

interface BearerSetup {
  readonly registry: ScriptedServer;
  readonly tokens: ScriptedServer;
  /** Tokens that the registry takes now. */
  readonly valid: Set<string>;
}

/** A registry with Bearer and its token service on another port of the same host. */
async function bearer(
  input: {
    readonly realmHost?: string;
    readonly challenge?: string;
    readonly grant?: (
      issued: number,
      authorization: string | undefined,
    ) => { status: number; body: unknown } | undefined;
    readonly delayMs?: number;
  } = {},
): Promise<BearerSetup> {
  const valid = new Set<string>();
  let issued = 0;
  const tokens = await serve(async (request, response) => {
    issued += 1;
    const number = issued;
    if (input.delayMs !== undefined) await sleep(input.delayMs);
    const special = input.grant?.(number, request.headers.authorization);
    if (special !== undefined) {
      json(response, special.status, special.body);
      return;
    }
    valid.add(`token-${number}`);
    json(response, 200, { token: `token-${number}`, expires_in: 300 });
  });
  const realm = `http://${input.realmHost ?? "127.0.0.1"}:${tokens.port}/token?keep=1`;
  const registry = await serve((request, response) => {
    const token = request.headers.authorization?.replace("Bearer ", "");
    if (token === undefined || !valid.has(token)) {
      response.writeHead(401, {
        "www-authenticate": input.challenge ?? `Bearer realm="${realm}",service="reg service"`,
      });
      response.end();
      return;
    }
    json(response, 200, { name: "app", tags: ["v1"] });
  });
  return { registry, tokens, valid };
}

describe("no sign-in and Basic", () => {
  it("sends nothing where nothing is asked for", async () => {
    const server = await serve((_request, response) => json(response, 200, { tags: ["v1"] }));
    const registry = registryFor(server.host, { credential: alice });
    expect(await collect(registry.listTags("app", options()))).toEqual(["v1"]);
    expect(server.asked.every((one) => one.headers.authorization === undefined)).toBe(true);
    expect(server.asked[1]?.headers["accept-encoding"]).toBe("identity");
    expect(server.asked[1]?.headers["user-agent"]).toBe("freightliner-test/1");
  });

  it("answers Basic ahead, after one ping", async () => {
    const server = await serve((request, response) => {
      if (request.headers.authorization === basic) json(response, 200, { tags: ["v1"] });
      else response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
    });
    const registry = registryFor(server.host, { credential: alice });
    expect(await collect(registry.listTags("app", options()))).toEqual(["v1"]);
    expect(server.asked.map((one) => one.headers.authorization)).toEqual([undefined, basic]);
  });

  it("asks for credentials once for many requests, and anew after a refusal", async () => {
    const server = await serve((request, response) => {
      if (request.headers.authorization === basic) json(response, 200, { tags: ["v1"] });
      else response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
    });
    let asked = 0;
    let known = { ...alice, password: "old" };
    const registry = new Registry({
      settings: {
        host: server.host,
        plainHttp: "always",
        insecureSkipVerify: false,
        trustedTokenHosts: [],
        connections: 8,
      },
      credentials: {
        get: async () => {
          asked += 1;
          await sleep(20);
          return known;
        },
      },
      userAgent: "t",
    });
    afterwards(() => registry.close());
    await expect(collect(registry.listTags("app", options()))).rejects.toMatchObject({
      code: "unauthorized",
    });
    known = alice;
    asked = 0;
    await Promise.all(Array.from({ length: 10 }, () => collect(registry.listTags("app", options()))));
    expect(asked).toBe(1);
  });

  it("says who was refused, and that nobody was named, without the password", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
    });
    const wrong = await collect(
      registryFor(server.host, { credential: alice }).listTags("app", options()),
    ).catch((error: unknown) => error);
    expect(wrong).toMatchObject({ code: "unauthorized", status: 401 });
    expect(String(wrong)).toContain(server.host);
    expect(String(wrong)).toContain('"alice"');
    expect(String(wrong)).not.toContain("s3cret");
    const nobody = await collect(registryFor(server.host).listTags("app", options())).catch(
      (error: unknown) => error,
    );
    expect(nobody).toMatchObject({ code: "unauthorized" });
    expect(String(nobody)).toContain("no user name was given");
  });

  it("learns from a repository's challenge where the ping was open", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/v2/" || request.headers.authorization === basic)
        json(response, 200, { tags: [] });
      else response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
    });
    const registry = registryFor(server.host, { credential: alice });
    await collect(registry.listTags("app", options()));
    await collect(registry.listTags("app2", options()));
    expect(server.asked.map((one) => one.headers.authorization !== undefined)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});

describe("Bearer", () => {
  it("asks with service, scope, client and the realm's own query, as Basic, and uses the token", async () => {
    const { registry, tokens } = await bearer();
    const client = registryFor(registry.host, { credential: alice });
    expect(await collect(client.listTags("team/app", options()))).toEqual(["v1"]);
    expect(tokens.asked.map((one) => one.url)).toEqual([
      "/token?keep=1&service=reg%20service&scope=repository%3Ateam%2Fapp%3Apull&client_id=freightliner&account=alice",
    ]);
    expect(tokens.asked[0]?.headers.authorization).toBe(basic);
    expect(registry.asked.map((one) => one.headers.authorization)).toEqual([undefined, "Bearer token-1"]);
  });

  it("fetches one token for many requests at once", async () => {
    const { registry, tokens } = await bearer({ delayMs: 30 });
    const client = registryFor(registry.host, { credential: alice });
    await Promise.all(Array.from({ length: 20 }, () => collect(client.listTags("app", options()))));
    expect(tokens.asked).toHaveLength(1);
    expect(registry.count("GET", "/v2/")).toBe(1);
  });

  it("renews once for all when a token is turned down in mid-work", async () => {
    const { registry, tokens, valid } = await bearer({ delayMs: 30 });
    const client = registryFor(registry.host, { credential: alice });
    await collect(client.listTags("app", options()));
    valid.clear();
    await Promise.all(Array.from({ length: 10 }, () => collect(client.listTags("app", options()))));
    expect(tokens.asked).toHaveLength(2);
  });

  it("gives up after one renewal", async () => {
    const { registry, tokens } = await bearer({
      grant: () => ({ status: 200, body: { access_token: "never-good" } }),
    });
    const client = registryFor(registry.host, { credential: alice });
    await expect(client.getManifest("app", "v1", options())).rejects.toMatchObject({ code: "forbidden" });
    // The token service accepted the password. The first token, and one renewal; the renewed one is the same, so the request is not repeated with it.
    expect(tokens.asked).toHaveLength(2);
    expect(registry.count("GET", "/v2/app/manifests/v1")).toBe(1);
  });

  it("calls a valid sign-in without the right `forbidden`, and asks for the scope that the registry names", async () => {
    const tokens = await serve((request, response) =>
      json(response, 200, { token: `t${request.url?.length}` }),
    );
    const registry = await serve((request, response) => {
      const error = request.headers.authorization === undefined ? "" : ',error="insufficient_scope"';
      const challenge = `Bearer realm="${tokens.url}/t",service="s",scope="repository:app:pull,magic"${error}`;
      response.writeHead(request.url === "/v2/" ? 401 : 403, { "www-authenticate": challenge }).end();
    });
    const client = registryFor(registry.host, { credential: alice });
    await expect(client.getManifest("app", "v1", options())).rejects.toMatchObject({ code: "forbidden" });
    expect(tokens.asked.map((one) => new URL(one.url, tokens.url).searchParams.get("scope"))).toEqual([
      "repository:app:pull",
      "repository:app:pull,magic",
    ]);
    await expect(registryFor(registry.host).getManifest("app", "v1", options())).rejects.toMatchObject({
      code: "unauthorized",
    });
  });

  it("turns a refusing token service into `unauthorized`", async () => {
    const { registry } = await bearer({
      grant: () => ({ status: 401, body: { details: "incorrect username" } }),
    });
    const error = await registryFor(registry.host, { credential: alice })
      .getManifest("app", "v1", options())
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "unauthorized", operation: "token" });
    expect(String(error)).toContain('"alice"');
  });

  it.each<[string, { status: number; body: unknown }, string]>([
    ["no token", { status: 200, body: { hello: 1 } }, "protocol"],
    ["a token that would break the header", { status: 200, body: { token: "a\r\nx: y" } }, "protocol"],
    ["a token that no header holds", { status: 200, body: { token: "a".repeat(40_000) } }, "protocol"],
    ["a token of a megabyte", { status: 200, body: { token: "a".repeat(1_000_000) } }, "too-large"],
    ["429", { status: 429, body: { errors: [] } }, "rate-limited"],
    ["500", { status: 500, body: { errors: [] } }, "registry-failure"],
    ["403 with credentials", { status: 403, body: { errors: [{ code: "DENIED" }] } }, "forbidden"],
  ])("names %s", async (_name, reply, code) => {
    const { registry } = await bearer({ grant: () => reply });
    const client = registryFor(registry.host, { credential: alice });
    await expect(client.getManifest("app", "v1", options())).rejects.toMatchObject({
      code,
      operation: "token",
    });
  });

  it("asks a strange token host without credentials only, and says so", async () => {
    const { registry, tokens } = await bearer({
      realmHost: "localhost",
      grant: (_issued, authorization) =>
        authorization === undefined ? { status: 401, body: {} } : undefined,
    });
    const error = await registryFor(registry.host, { credential: alice })
      .getManifest("app", "v1", options())
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "unauthorized" });
    expect(String(error)).toContain("trusted token host");
    expect(tokens.asked.map((one) => one.headers.authorization)).toEqual([undefined]);
    expect(tokens.asked[0]?.url).not.toContain("alice");

    const trusting = registryFor(registry.host, {
      credential: alice,
      settings: { trustedTokenHosts: [`localhost:${tokens.port}`] },
    });
    expect(await collect(trusting.listTags("app", options()))).toEqual(["v1"]);
  });

  it("follows the token service's redirects without carrying the password to another origin", async () => {
    const far = await serve((_request, response) => json(response, 200, { token: "far" }));
    const near = await serve((_request, response) => {
      response.writeHead(302, { location: `${far.url}/t2` }).end();
    });
    const registry = await serve((request, response) => {
      if (request.headers.authorization === "Bearer far") json(response, 200, { tags: ["v1"] });
      else response.writeHead(401, { "www-authenticate": `Bearer realm="${near.url}/t"` }).end();
    });
    expect(
      await collect(registryFor(registry.host, { credential: alice }).listTags("app", options())),
    ).toEqual(["v1"]);
    expect(near.asked[0]?.headers.authorization).toBe(basic);
    expect(far.asked.map((one) => one.headers.authorization)).toEqual([undefined]);
  });

  it("refuses a token service that changes its host in the middle of work, and a broken realm", async () => {
    const tokens = await serve((_request, response) => json(response, 200, { token: "t" }));
    const moving = await serve((request, response) => {
      const host = request.url === "/v2/" ? "127.0.0.1" : "localhost";
      response.writeHead(401, { "www-authenticate": `Bearer realm="http://${host}:${tokens.port}/t"` }).end();
    });
    await expect(
      registryFor(moving.host, { credential: alice }).getManifest("app", "v1", options()),
    ).rejects.toMatchObject({ code: "redirect-refused" });
    const broken = await serve((_request, response) => {
      response.writeHead(401, { "www-authenticate": 'Bearer realm="null://x"' }).end();
    });
    await expect(registryFor(broken.host).getManifest("app", "v1", options())).rejects.toMatchObject({
      code: "redirect-refused",
      message: expect.stringContaining("null://x"),
    });
  });

  it("does not ask a metadata service for a token", async () => {
    const registry = await serve((_request, response) => {
      response.writeHead(401, { "www-authenticate": 'Bearer realm="http://169.254.169.254/latest"' }).end();
    });
    await expect(registryFor(registry.host).getManifest("app", "v1", options())).rejects.toMatchObject({
      code: "redirect-refused",
      message: expect.stringContaining("169.254.169.254"),
    });
  });

  it("hears a stop while it waits for a token", async () => {
    const { registry } = await bearer({ delayMs: 5_000 });
    const stop = new AbortController();
    const reason = new Error("stop it");
    setTimeout(() => stop.abort(reason), 50);
    const began = performance.now();
    await expect(registryFor(registry.host).getManifest("app", "v1", { signal: stop.signal })).rejects.toBe(
      reason,
    );
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
