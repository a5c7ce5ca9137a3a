// A password that came from a place which was locked since: open registries forget it, and the tokens it was given for.
import { expect, it } from "vitest";
import type { Credential, CredentialProvider } from "../../electron/engine/credential.ts";
import { ExchangedCredentials } from "../../electron/registry/providers/exchanged.ts";
import { Registry } from "../../electron/registry/registry.ts";
import { TokenCache } from "../../electron/registry/token-cache.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { afterwards, collect, json, options, type ScriptedServer, serve } from "./scripted-server.ts";

const password: Credential = { kind: "password", username: "ada", password: "in the vault" };
const token: Credential = { kind: "registry-token", token: "from-docker" };
const never = new AbortController().signal;

/** A place of secrets that can be locked. */
class Place implements CredentialProvider {
  asked = 0;
  locked = false;
  given: Credential;

  constructor(given: Credential) {
    this.given = given;
  }

  async get(): Promise<Credential> {
    this.asked += 1;
    if (!this.locked) return this.given;
    throw new FreightlinerError({ code: "locked", operation: "open-vault", message: "It is locked." });
  }
}

/** A registry with a token service of its own; `asked` holds the requests of both. */
async function tokenRegistry(): Promise<ScriptedServer> {
  const server = await serve((request, response) => {
    if (request.url?.startsWith("/token") === true)
      return json(response, 200, { token: "t", expires_in: 300 });
    if (request.headers.authorization !== undefined) return json(response, 200, { name: "app", tags: [] });
    const realm = `http://${request.headers.host}/token`;
    response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}",service="s"` }).end();
  });
  return server;
}

function registryWith(host: string, credentials: CredentialProvider): Registry {
  const settings = { host, plainHttp: "always" as const, insecureSkipVerify: false, connections: 8 };
  const registry = new Registry({
    settings: { ...settings, trustedTokenHosts: [] },
    credentials,
    userAgent: "t",
  });
  afterwards(() => registry.close());
  return registry;
}

const tags = (registry: Registry) => collect(registry.listTags("app", options()));
const tokensAsked = ({ asked }: ScriptedServer): number =>
  asked.filter(({ url }) => url?.startsWith("/token") === true).length;

it("R009 are asked for again at once, and nothing goes out where the place is locked", async () => {
  const server = await tokenRegistry();
  const place = new Place(password);
  const registry = registryWith(server.host, place);
  await tags(registry);
  await tags(registry);
  expect([place.asked, tokensAsked(server)]).toEqual([1, 1]);
  place.locked = true;
  registry.forgetPassword();
  const { length } = server.asked;
  await expect(tags(registry)).rejects.toMatchObject({ code: "locked" });
  expect(server.asked).toHaveLength(length);
  place.locked = false;
  await tags(registry);
  expect(tokensAsked(server)).toBe(2);
});

it("leave alone what came from elsewhere", async () => {
  const server = await tokenRegistry();
  const place = new Place(token);
  const registry = registryWith(server.host, place);
  await tags(registry);
  registry.forgetPassword();
  await tags(registry);
  expect(place.asked).toBe(1);
});

it("S007 leave what came from elsewhere covered, too: its tokens are in use, and a registry may quote it", async () => {
  const identityToken = "canary-identity-4b7a";
  const server = await serve((request, response) => {
    if (request.url?.startsWith("/token") === true)
      return json(response, 200, { token: "t", expires_in: 300 });
    const realm = `http://${request.headers.host}/token`;
    if (request.headers.authorization === undefined)
      response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}",service="s"` }).end();
    else if (request.url?.includes("/tags/") === true) json(response, 200, { name: "app", tags: [] });
    else response.writeHead(307, { location: `http://${identityToken}.invalid/` }).end();
  });
  const place = new Place({ kind: "identity-token", username: "ada", token: identityToken });
  const registry = registryWith(server.host, place);
  await tags(registry);
  registry.forgetPassword();
  const error = await registry.getManifest("app", "v1", options()).catch((thrown: unknown) => thrown);
  expect(tokensAsked(server)).toBe(1);
  expect(String(error)).toContain("***.invalid");
  expect(String(error)).not.toContain(identityToken);
});

it("are not kept by a question that was under way when the place was locked", async () => {
  const cache = new TokenCache(() => 0);
  const fetched = Promise.withResolvers<{ value: string; lifetimeSeconds: number }>();
  const first = cache.get("key", undefined, () => fetched.promise, never);
  cache.forget();
  fetched.resolve({ value: "old", lifetimeSeconds: 300 });
  expect(await first).toBe("old");
  const next = cache.get("key", undefined, async () => ({ value: "new", lifetimeSeconds: 300 }), never);
  expect(await next).toBe("new");
});

it("are forgotten where a registry has them to trade, too", async () => {
  const place = new Place(password);
  let trades = 0;
  const exchanged = new ExchangedCredentials({
    credentials: place,
    trade: async (credential) => {
      trades += 1;
      return credential;
    },
  });
  await exchanged.get(never);
  await exchanged.get(never);
  expect(trades).toBe(1);
  exchanged.forgetPassword();
  await exchanged.get(never);
  expect(trades).toBe(2);
});
