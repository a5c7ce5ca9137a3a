// Registries that want the password of others: where credentials go, and how often (the table in facts, protocol.md 8).
import { describe, expect, it } from "vitest";
import { get as ask, base64, helper, helperAnswer, owner, withConfig } from "../../credentials/stage.ts";
import { describeBytes, streamOf } from "../samples.ts";
import { collect, json, options, registryFor, serve } from "../scripted-server.ts";
import { alice, aliceBasic } from "./stage.ts";

const blob = describeBytes(Buffer.alloc(5000, 1));

describe("a hostile registry's sign-in", () => {
  it.each([
    ["a metadata service", "http://169.254.169.254/latest/api/token"],
    ["a metadata service in IPv6", "http://[fe80::a9fe:a9fe]/token"],
    ["a metadata service in an IPv6 that holds an IPv4", "http://[::ffff:169.254.169.254]/token"],
    ["another scheme", "file:///etc/passwd"],
    ["a host with somebody's user name", "http://root:toor@127.0.0.1:1/token"],
  ])("row 1: %s is not asked for a token", async (_, realm) => {
    const registry = await serve((_request, response) => {
      response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}"` }).end();
    });
    await expect(
      registryFor(registry.host, { credential: alice }).getManifest("app", "v1", options()),
    ).rejects.toMatchObject({ code: "redirect-refused", retryable: false });
  });

  it("row 1: a token service on a host that nobody vouched for gets anonymous questions only", async () => {
    const thief = await serve((_request, response) => json(response, 200, { token: "anonymous" }));
    const registry = await serve((request, response) => {
      if (request.headers.authorization === "Bearer anonymous") json(response, 200, { tags: ["v1"] });
      else
        response
          .writeHead(401, { "www-authenticate": `Bearer realm="http://localhost:${thief.port}/t"` })
          .end();
    });
    const client = registryFor(registry.host, { credential: alice });
    expect(await collect(client.listTags("app", options()))).toEqual(["v1"]);
    expect(JSON.stringify(thief.asked)).not.toMatch(/alice|swordfish|authorization/);
  });

  it("row 1: the host that was vouched for is pinned; another one in its place is refused by name", async () => {
    const other = await serve((_request, response) => json(response, 401, {}));
    const registry = await serve((_request, response) => {
      response
        .writeHead(401, { "www-authenticate": `Bearer realm="http://localhost:${other.port}/t"` })
        .end();
    });
    const settings = { trustedTokenHosts: ["auth.registry.example"] };
    const client = registryFor(registry.host, { credential: alice, settings });
    await expect(client.getManifest("app", "v1", options())).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringContaining(`localhost:${other.port}`),
    });
    expect(JSON.stringify(other.asked)).not.toMatch(/alice|swordfish|"authorization/);
  });

  it("row 2: a token service that redirects for ever, in a circle or out of POST is not followed", async () => {
    const tokens = await serve((request, response) => {
      const url = request.url ?? "";
      const to = url.startsWith("/circle") ? "/circle" : url.startsWith("/post") ? "/got" : `/long${url}`;
      response.writeHead(302, { location: to }).end();
    });
    const at = async (path: string, credential: Parameters<typeof registryFor>[1]) => {
      const registry = await serve((_request, response) => {
        response.writeHead(401, { "www-authenticate": `Bearer realm="${tokens.url}${path}"` }).end();
      });
      await expect(
        registryFor(registry.host, credential).getManifest("app", "v1", options()),
      ).rejects.toMatchObject({ code: "redirect-refused" });
    };
    await at("/long", { credential: alice });
    expect(tokens.asked.length).toBe(6);
    await at("/circle", {});
    const identity = { kind: "identity-token" as const, username: "alice", token: "refresh-of-alice" };
    await at("/post", { credential: identity });
    expect(tokens.count("GET", "/got")).toBe(0);
    expect(tokens.asked.map((one) => one.url).join(" ")).not.toContain("refresh-of-alice");
  });

  it("row 2: the password stays with the origin it was asked by", async () => {
    const thief = await serve((_request, response) => json(response, 200, { token: "t" }));
    const tokens = await serve((_request, response) => {
      response.writeHead(307, { location: `${thief.url}/t` }).end();
    });
    const registry = await serve((request, response) => {
      if (request.headers.authorization === "Bearer t") json(response, 200, { tags: ["v1"] });
      else response.writeHead(401, { "www-authenticate": `Bearer realm="${tokens.url}/t"` }).end();
    });
    const client = registryFor(registry.host, { credential: alice });
    expect(await collect(client.listTags("app", options()))).toEqual(["v1"]);
    expect(tokens.asked[0]?.headers.authorization).toBe(aliceBasic);
    expect(JSON.stringify(thief.asked.map((one) => one.headers))).not.toMatch(/swordfish|authorization/);
  });

  it("row 3: a storage that asks for a sign-in gets none, and no token service of its choice is asked", async () => {
    const trap = await serve((_request, response) => json(response, 200, { token: "t" }));
    const storage = await serve((_request, response) => {
      response.writeHead(401, { "www-authenticate": `Bearer realm="${trap.url}/t"` }).end();
    });
    const registry = await serve((request, response) => {
      if (request.headers.authorization === undefined)
        response.writeHead(401, { "www-authenticate": 'Basic realm="r"' }).end();
      else response.writeHead(307, { location: `${storage.url}/blob` }).end();
    });
    await expect(
      registryFor(registry.host, { credential: alice }).openBlob("app", blob, options()),
    ).rejects.toMatchObject({ code: "registry-failure" });
    expect(storage.asked.map((one) => one.headers.authorization)).toEqual([undefined]);
    expect(trap.asked).toEqual([]);
  });

  it("row 4: an upload that is sent to another host goes there without the sign-in", async () => {
    const elsewhere = await serve((request, response) => {
      request.resume().on("end", () => response.writeHead(201).end());
    });
    const registry = await serve((request, response) => {
      if (request.headers.authorization === undefined)
        response.writeHead(401, { "www-authenticate": 'Basic realm="r"' }).end();
      else if (request.method === "POST")
        response.writeHead(202, { location: `${elsewhere.url}/u?sig=1` }).end();
      else json(response, 200, {});
    });
    const client = registryFor(registry.host, { credential: alice });
    await client.putBlob("app", blob, streamOf(Buffer.alloc(5000, 1)), options());
    expect(elsewhere.asked.map(({ method }) => method)).toEqual(["PUT"]);
    expect(elsewhere.asked[0]?.headers.authorization).toBeUndefined();
  });

  it("row 19: a service that is a query of its own is one value of ours", async () => {
    const tokens = await serve((_request, response) => json(response, 200, { token: "t" }));
    const service = "x&scope=repository:secret:pull&account=root#";
    const registry = await serve((request, response) => {
      if (request.headers.authorization === "Bearer t") json(response, 200, { tags: ["v1"] });
      else
        response
          .writeHead(401, { "www-authenticate": `Bearer realm="${tokens.url}/t",service="${service}"` })
          .end();
    });
    await collect(registryFor(registry.host, { credential: alice }).listTags("app", options()));
    const query = new URL(tokens.asked[0]?.url ?? "", tokens.url).searchParams;
    expect(query.getAll("service")).toEqual([service]);
    expect(query.getAll("scope")).toEqual(["repository:app:pull"]);
    expect(query.getAll("account")).toEqual(["alice"]);
  });

  it("row 23: a registry that always wants another sign-in gets one more, and the error", async () => {
    let issued = 0;
    const tokens = await serve((_request, response) => {
      issued += 1;
      json(response, 200, { token: `t${issued}` });
    });
    const registry = await serve((_request, response) => {
      response.writeHead(401, { "www-authenticate": `Bearer realm="${tokens.url}/t"` }).end();
    });
    await expect(
      registryFor(registry.host, { credential: alice }).getManifest("app", "v1", options()),
    ).rejects.toMatchObject({ code: "forbidden" });
    expect(registry.count("GET", "/v2/app/manifests/v1")).toBe(2);
    expect(tokens.asked.length).toBeLessThanOrEqual(2);
  });

  it.each(["Basic", "Bearer"])(
    "row 23: a password that is refused again and again is not tried on (%s), but another one is",
    async (scheme) => {
      const tokens = await serve((_request, response) => json(response, 401, {}));
      const challenge = scheme === "Basic" ? 'Basic realm="r"' : `Bearer realm="${tokens.url}/t"`;
      const registry = await serve((_request, response) => {
        response.writeHead(401, { "www-authenticate": challenge }).end();
      });
      let password = "wrong-password";
      const client = registryFor(registry.host, { get: async () => ({ ...alice, password }) });
      const ask = () => client.getManifest("app", "v1", options()).catch((error: unknown) => error);
      const tries = () =>
        [...registry.asked, ...tokens.asked].filter((one) => one.headers.authorization?.startsWith("Basic "))
          .length;
      for (let at = 0; at < 60; at += 1) expect(await ask()).toMatchObject({ code: "unauthorized" });
      expect(tries()).toBe(20);
      expect(String(await ask())).toContain("in a row");
      password = "another-password";
      // The held credential is asked for anew where the last answer was a refusal.
      await ask();
      await ask();
      expect(tries()).toBeGreaterThan(20);
    },
  );

  it("row 28: credentials go by host and port exactly, whatever a name begins or ends with", async () => {
    const registry = await serve((_request, response) => {
      response.writeHead(401, { "www-authenticate": 'Basic realm="r"' }).end();
    });
    const entry = { auth: base64("alice:swordfish-of-alice") };
    const near = [`127.0.0.1:${registry.port}0`, "127.0.0.1", "0.0.1", `evil.127.0.0.1:${registry.port}`];
    const { credentials } = withConfig({
      auths: Object.fromEntries([...near, "https://index.docker.io/v1/"].map((key) => [key, entry])),
    });
    const { get } = credentials.provider(owner(registry.host));
    await expect(
      registryFor(registry.host, { get }).getManifest("app", "v1", options()),
    ).rejects.toMatchObject({ code: "unauthorized", message: expect.stringContaining("no user name") });
    expect(registry.asked.length).toBeGreaterThan(0);
    expect(registry.asked.every((one) => one.headers.authorization === undefined)).toBe(true);
    expect(await ask(credentials, "docker.io.evil.example")).toBeUndefined();
    expect(await ask(credentials, "docker.io")).toMatchObject({ username: "alice" });
  });

  it("row 30: a helper that a configuration names by a path or a command is not started", async () => {
    const registry = await serve((_request, response) => {
      response.writeHead(401, { "www-authenticate": 'Basic realm="r"' }).end();
    });
    const { path, asked } = helper(helperAnswer);
    for (const credsStore of ["../test", `x; touch ${path}/asked`, "$(id)", "test\0", "/bin/sh", "test\n"]) {
      const { credentials } = withConfig({ credsStore }, { helperPath: path });
      const { get } = credentials.provider(owner(registry.host));
      await expect(
        registryFor(registry.host, { get }).getManifest("app", "v1", options()),
      ).rejects.toMatchObject({ code: "configuration" });
    }
    expect(asked).toThrow("ENOENT");
  });
});
