// Tokens: identity tokens by POST, ready Bearer tokens, how long each is kept, and who is asked again after a refusal.
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Credential, CredentialProvider } from "../../electron/engine/credential.ts";
import { Registry } from "../../electron/registry/registry.ts";
import { TokenCache } from "../../electron/registry/token-cache.ts";
import {
  afterwards,
  bodyOf,
  collect,
  json,
  options,
  registryFor,
  type Script,
  type ScriptedServer,
  serve,
} from "./scripted-server.ts";

interface Form {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
}

interface Stage {
  readonly registry: ScriptedServer;
  readonly tokens: ScriptedServer;
  readonly forms: Form[];
  readonly valid: Set<string>;
}

type Answer = { readonly status: number; readonly body: unknown };

/** A registry with Bearer, whose token service answers what `grant` says for the fields that it was sent. */
async function stage(grant: (form: Form, number: number) => Answer | undefined): Promise<Stage> {
  const valid = new Set<string>();
  const forms: Form[] = [];
  const script: Script = async (request, response) => {
    const text = (await bodyOf(request)).toString();
    const url = request.url ?? "";
    const { authorization } = request.headers;
    const fields = Object.fromEntries(new URLSearchParams(text));
    const form = { method: request.method ?? "", url, authorization, fields };
    forms.push(form);
    const number = forms.length;
    const answer = grant(form, number);
    if (answer !== undefined) return json(response, answer.status, answer.body);
    valid.add(`token-${number}`);
    json(response, 200, { access_token: `token-${number}`, expires_in: 300 });
  };
  const tokens = await serve(script);
  const registry = await serve((request, response) => {
    const token = request.headers.authorization?.replace("Bearer ", "");
    if (token !== undefined && valid.has(token)) return json(response, 200, { name: "app", tags: [token] });
    const realm = `${tokens.url}/token?keep=1`;
    response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}",service="reg service"` }).end();
  });
  return { registry, tokens, forms, valid };
}

const identity = (token: string, username = ""): Credential => ({ kind: "identity-token", username, token });
const tags = (registry: Registry, name = "app") => collect(registry.listTags(name, options()));

function registryWith(host: string, credentials: CredentialProvider): Registry {
  const registry = new Registry({
    settings: {
      ...{ host, plainHttp: "always", insecureSkipVerify: false, trustedTokenHosts: [], connections: 8 },
    },
    credentials,
    userAgent: "t",
  });
  afterwards(() => registry.close());
  return registry;
}

/** Gives the first credential until it is refused, then the next one. */
function renewing(...all: readonly Credential[]): CredentialProvider & { readonly refused: Credential[] } {
  const refused: Credential[] = [];
  return {
    refused,
    get: async (_signal, turnedDown) => {
      if (turnedDown !== undefined) refused.push(turnedDown);
      return all[Math.min(refused.length, all.length - 1)];
    },
  };
}

describe("identity tokens", () => {
  it("are traded by POST, with service, scope and client, and nowhere in a URL", async () => {
    const { registry, forms } = await stage(() => undefined);
    const client = registryFor(registry.host, { credential: identity("refresh&1") });
    expect(await tags(client, "team/app")).toEqual(["token-1"]);
    expect(forms).toEqual([
      {
        method: "POST",
        url: "/token?keep=1",
        authorization: undefined,
        fields: {
          grant_type: "refresh_token",
          client_id: "freightliner",
          service: "reg service",
          scope: "repository:team/app:pull",
          refresh_token: "refresh&1",
        },
      },
    ]);
    expect(registry.asked.map((one) => one.url).join()).not.toContain("refresh");
  });

  it("are replaced by the newer ones that come back, in memory, and taken as they were given where those are refused", async () => {
    const refused = new Set<string>();
    const { registry, forms, valid } = await stage(({ fields }, number) => {
      if (refused.has(fields.refresh_token ?? "")) return { status: 400, body: { error: "invalid_grant" } };
      valid.add(`token-${number}`);
      return { status: 200, body: { access_token: `token-${number}`, refresh_token: `newer-${number}` } };
    });
    const client = registryFor(registry.host, { credential: identity("given") });
    await tags(client, "one");
    await tags(client, "two");
    await tags(client, "three");
    refused.add("newer-3");
    await tags(client, "four");
    expect(forms.map(({ fields }) => fields.refresh_token)).toEqual([
      "given",
      "newer-1",
      "newer-2",
      "newer-3",
      "given",
    ]);
  });

  it.each([404, 405])("fall back to the GET where the service answers %i to a POST", async (status) => {
    const { registry, forms } = await stage(({ method }) =>
      method === "POST" ? { status, body: {} } : undefined,
    );
    const user = "00000000-0000-0000-0000-000000000000";
    await tags(registryFor(registry.host, { credential: identity("refresh", user) }));
    expect(forms[1]).toMatchObject({
      method: "GET",
      authorization: `Basic ${Buffer.from(`${user}:refresh`).toString("base64")}`,
    });
    await expect(tags(registryFor(registry.host, { credential: identity("refresh") }))).rejects.toThrow();
    expect(forms).toHaveLength(3);
  });

  it("that have ended are told as a sign-in that is needed, without the token", async () => {
    for (const answer of [
      { status: 400, body: { error: "invalid_grant", error_description: "secret-refresh" } },
      { status: 401, body: { errors: [{ code: "UNAUTHORIZED", message: "secret-refresh" }] } },
    ]) {
      const { registry } = await stage(() => answer);
      const client = registryFor(registry.host, { credential: identity("secret-refresh", "ada") });
      const error = await tags(client).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "unauthorized", operation: "token" });
      expect(String(error)).toContain("the token is wrong, or has ended");
      expect(String(error)).not.toContain("secret-refresh");
    }
    const { registry } = await stage(() => ({ status: 400, body: { error: "invalid_scope" } }));
    await expect(tags(registryFor(registry.host, { credential: identity("x") }))).rejects.toMatchObject({
      code: "refused-by-registry",
    });
  });

  it("are never sent on to another origin, nor to a token service that nobody knows", async () => {
    const far = await serve((_request, response) => json(response, 200, { token: "far" }));
    const near = await serve((_request, response) => {
      response.writeHead(307, { location: `${far.url}/t2` }).end();
    });
    const challenged = (realm: string) =>
      serve((_request, response) => {
        response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}",service="s"` }).end();
      });
    const moved = await challenged(`${near.url}/t`);
    await expect(tags(registryFor(moved.host, { credential: identity("refresh") }))).rejects.toMatchObject({
      code: "redirect-refused",
    });
    expect(far.asked).toEqual([]);
    const strange = await challenged(`http://localhost:${far.port}/t`);
    await expect(tags(registryFor(strange.host, { credential: identity("refresh") }))).rejects.toThrow();
    expect(far.asked.map(({ method, headers }) => [method, headers.authorization])).toEqual([
      ["GET", undefined],
      ["GET", undefined],
    ]);
  });

  it("are no user name and password for a registry that asks for those", async () => {
    const basic = await serve((_request, response) => {
      response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
    });
    await expect(tags(registryFor(basic.host, { credential: identity("refresh") }))).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringContaining("user name and a password"),
    });
  });
});

describe("registry tokens", () => {
  const token: Credential = { kind: "registry-token", token: "ready" };

  it("are sent as they are, and no token service is asked", async () => {
    const { registry, forms, valid } = await stage(() => undefined);
    valid.add("ready");
    expect(await tags(registryFor(registry.host, { credential: token }))).toEqual(["ready"]);
    expect(forms).toEqual([]);
  });

  it("that are refused are asked for anew, and else told as wrong or ended", async () => {
    const { registry, forms, valid } = await stage(() => undefined);
    valid.add("newer");
    const credentials = renewing(token, { kind: "registry-token", token: "newer" });
    expect(await tags(registryWith(registry.host, credentials))).toEqual(["newer"]);
    expect(credentials.refused).toEqual([token]);
    const ended = registryFor(registry.host, { credential: { ...token, expiresAt: 86_400_000 } });
    await expect(tags(ended)).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringContaining("ended at 1970-01-02"),
    });
    expect(forms).toEqual([]);
  });
});

describe("S005 refused credentials", () => {
  const old: Credential = { kind: "password", username: "ada", password: "old" };
  const fresh: Credential = { kind: "password", username: "ada", password: "new" };
  const right = `Basic ${Buffer.from("ada:new").toString("base64")}`;

  it("are asked for anew once, for all requests that were refused at one time, at a registry with Basic", async () => {
    const server = await serve((request, response) => {
      if (request.headers.authorization === right) return json(response, 200, { tags: ["v1"] });
      response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
    });
    const credentials = renewing(old, fresh);
    const registry = registryWith(server.host, credentials);
    const all = await Promise.all(Array.from({ length: 10 }, (_, at) => tags(registry, `app${at}`)));
    expect(all).toEqual(all.map(() => ["v1"]));
    expect(credentials.refused).toEqual([old]);
  });

  it("are asked for anew at a token service, too, and no oftener than once where there is no other", async () => {
    const { registry, forms } = await stage(({ authorization }) =>
      authorization === right ? undefined : { status: 401, body: {} },
    );
    const credentials = renewing(old, fresh);
    expect(await tags(registryWith(registry.host, credentials))).toEqual(["token-2"]);
    expect(credentials.refused).toEqual([old]);
    const stubborn = renewing(old);
    await expect(tags(registryWith(registry.host, stubborn))).rejects.toMatchObject({ code: "unauthorized" });
    expect(stubborn.refused).toEqual([old]);
    expect(forms).toHaveLength(3);
  });

  it("are not asked for anew when only a token has ended", async () => {
    const { registry, valid } = await stage(({ authorization }) =>
      authorization === right ? undefined : { status: 401, body: {} },
    );
    const credentials = renewing(fresh);
    const client = registryWith(registry.host, credentials);
    await tags(client);
    valid.clear();
    expect(await tags(client)).toEqual(["token-2"]);
    expect(credentials.refused).toEqual([]);
  });

  it("that were replaced meanwhile reach work that is under way", async () => {
    const { registry, forms, valid } = await stage(() => undefined);
    let known = old;
    const client = registryWith(registry.host, { get: async () => known });
    await tags(client);
    known = fresh;
    valid.clear();
    expect(await tags(client)).toEqual(["token-2"]);
    expect(forms.map(({ authorization }) => authorization === right)).toEqual([false, true]);
  });
});

describe("P008 tokens", () => {
  it("are kept for each scope and each identity, and fetched by one flight", async () => {
    const { registry, forms } = await stage(() => undefined);
    const ada = registryFor(registry.host, {
      credential: { kind: "password", username: "ada", password: "x" },
    });
    const grace = registryFor(registry.host, {
      credential: { kind: "password", username: "grace", password: "y" },
    });
    const many = (client: Registry, name: string) =>
      Promise.all(Array.from({ length: 10 }, () => tags(client, name)));
    const [first] = await Promise.all([many(ada, "one"), many(ada, "two"), many(grace, "one")]);
    await many(ada, "one");
    await many(grace, "one");
    const asked = forms.map(({ url, authorization }) => [
      new URL(url, registry.url).searchParams.get("scope"),
      Buffer.from(authorization?.slice(6) ?? "", "base64").toString(),
    ]);
    expect(asked.sort()).toEqual([
      ["repository:one:pull", "ada:x"],
      ["repository:one:pull", "grace:y"],
      ["repository:two:pull", "ada:x"],
    ]);
    expect(new Set(first.flat()).size).toBe(1);
    // Two identities on one host: neither ever went with the other's token.
    const used = new Map<string, Set<string>>();
    for (const { headers, url } of registry.asked)
      if (headers.authorization !== undefined)
        used.set(headers.authorization, (used.get(headers.authorization) ?? new Set()).add(url));
    expect([...used.values()].map((urls) => urls.size)).toEqual([1, 1, 1]);
  });

  it("are renewed ten seconds or a tenth of their life ahead of their end, whichever is more", async () => {
    let now = 0;
    let fetched = 0;
    const cache = new TokenCache(() => now);
    const ask = (lifetimeSeconds: number) =>
      cache.get(
        String(lifetimeSeconds),
        undefined,
        async () => {
          fetched += 1;
          return { value: `t${fetched}`, lifetimeSeconds };
        },
        new AbortController().signal,
      );
    for (const [life, keptMs] of [
      [60, 50_000],
      [1000, 900_000],
    ] as const) {
      now = 0;
      const first = await ask(life);
      now = keptMs - 1;
      expect(await ask(life)).toBe(first);
      now = keptMs;
      expect(await ask(life)).not.toBe(first);
    }
  });

  it("that the registry turns down are fetched again by one flight", async () => {
    const { registry, forms, valid } = await stage(() => undefined);
    const client = registryFor(registry.host, {
      credential: { kind: "password", username: "ada", password: "x" },
    });
    await tags(client);
    valid.clear();
    await Promise.all(Array.from({ length: 20 }, () => tags(client)));
    await sleep(0);
    expect(forms).toHaveLength(2);
  });
});
