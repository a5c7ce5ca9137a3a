// The sign-in of a registry's proxy: entered, saved, replaced while connections stand, forgotten, and never for another proxy.
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { json, serve } from "../registry/scripted-server.ts";
import { appStage } from "./app-stage.ts";

/** A proxy for plain http that wants a sign-in, and answers for the registry behind it. */
async function guardedProxy(password: string): Promise<{ url: string; seen: IncomingHttpHeaders[] }> {
  const seen: IncomingHttpHeaders[] = [];
  const wanted = `Basic ${Buffer.from(`carol:${password}`).toString("base64")}`;
  const server = createServer((request, response) => {
    seen.push(request.headers);
    if (request.headers["proxy-authorization"] !== wanted)
      response.writeHead(407, { "proxy-authenticate": 'Basic realm="corp"' }).end();
    else
      json(
        response,
        200,
        request.url?.includes("_catalog") === true ? { repositories: ["app"] } : { tags: ["v1"] },
      );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const settingsBehind = (proxy: string) =>
  ({ kind: "registry", host: "registry.corp.example", plainHttp: "always", anonymous: true, proxy }) as const;

describe("the sign-in of a registry's proxy", () => {
  it("is asked for in the proxy's name, used at once, and forgotten when told", async () => {
    const proxy = await guardedProxy("swordfish");
    const { client, heard } = await appStage();
    const { id } = await client.call("endpoints.add", { settings: settingsBehind(proxy.url) });
    const first = await client.call("endpoints.check", { id });
    // A registry that wants its own password would be "needs-sign-in".
    expect(first.health.state).toBe("failing");
    const failed = first.health.steps.find((step) => step.outcome === "failed");
    expect(failed).toMatchObject({
      error: { code: "configuration" },
      text: expect.stringContaining("The proxy 127.0.0.1"),
    });

    const signedIn = await client.call("endpoints.signInProxy", {
      id,
      credential: { username: "carol", password: "swordfish" },
    });
    expect(signedIn.settings).toMatchObject({ proxySignIn: true });
    expect((await client.call("endpoints.check", { id })).health.state).toBe("ok");

    await client.call("endpoints.signInProxy", {
      id,
      credential: { username: "carol", password: "mistyped" },
    });
    const wrong = await client.call("endpoints.check", { id });
    expect(wrong.health.steps.find((step) => step.outcome === "failed")?.text).toContain(
      "refused the user name",
    );

    const forgotten = await client.call("endpoints.signInProxy", { id, credential: null });
    expect(forgotten.settings).toMatchObject({ proxySignIn: false });
    proxy.seen.length = 0;
    await client.call("endpoints.check", { id });
    expect(proxy.seen.length).toBeGreaterThan(0);
    expect(proxy.seen.filter((headers) => headers["proxy-authorization"] !== undefined)).toEqual([]);
    expect(JSON.stringify([first, signedIn, wrong, forgotten, heard("endpoint.changed")])).not.toMatch(
      /swordfish|mistyped/,
    );
  });

  it("never goes to another proxy than the one that it was given for", async () => {
    const proxy = await guardedProxy("swordfish");
    const other = await guardedProxy("swordfish");
    const { client } = await appStage();
    const { id } = await client.call("endpoints.add", { settings: settingsBehind(proxy.url) });
    for (const remember of [true, false]) {
      const credential = { username: "carol", password: "swordfish" };
      const { settings } = await client.call("endpoints.signInProxy", { id, credential, remember });
      expect((await client.call("endpoints.check", { id })).health.state).toBe("ok");
      if (settings.kind !== "registry") throw new Error("a registry was expected");
      await client.call("endpoints.update", { id, settings: { ...settings, proxy: other.url } });
      expect((await client.call("endpoints.check", { id })).health.state).toBe("failing");
      expect(other.seen.filter((headers) => headers["proxy-authorization"] !== undefined)).toEqual([]);
      await client.call("endpoints.update", { id, settings });
      // Settings that are only tried are signed in as the saved ones.
      const { steps } = await client.call("endpoints.try", { id, settings });
      expect(steps.filter((step) => step.outcome === "failed")).toEqual([]);
    }
  });

  it("is refused where the settings name no proxy", async () => {
    const { client } = await appStage();
    const registry = await serve((_request, response) => json(response, 200, {}));
    const credential = { username: "carol", password: "swordfish" };
    for (const proxy of [{}, { proxy: "none" }] as const) {
      const { id } = await client.call("endpoints.add", {
        settings: { kind: "registry", host: registry.host, ...proxy },
      });
      await expect(client.call("endpoints.signInProxy", { id, credential })).rejects.toMatchObject({
        code: "usage",
      });
    }
  });
});

describe("an address in a registry's settings", () => {
  it.each([
    ["proxy", "http://carol:swordfish@proxy.example:3128"],
    ["apiUrl", "https://carol:swordfish@api.example/v4"],
  ])("S009 holds no user name: %s", async (key, address) => {
    const { client } = await appStage();
    const settings = { kind: "registry", host: "registry.corp.example" } as const;
    const { id } = await client.call("endpoints.add", { settings });
    const withUser = { ...settings, [key]: address };
    for (const [method, params] of [
      ["endpoints.add", { settings: withUser }],
      ["endpoints.update", { id, settings: withUser }],
      ["endpoints.try", { settings: withUser }],
    ] as const) {
      const refused = client.call(method, params as never);
      await expect(refused).rejects.toMatchObject({
        code: "usage",
        message: expect.stringContaining("user name or password"),
      });
      await expect(refused).rejects.not.toMatchObject({
        message: expect.stringMatching(/carol|swordfish/),
      });
    }
    const { endpoints } = await client.call("endpoints.list", {});
    expect(JSON.stringify(endpoints)).not.toContain("swordfish");
  });
});

describe("a proxy of the environment", () => {
  it("carries registries of other machines, with its own sign-in, and none that NO_PROXY names", async () => {
    const proxy = await guardedProxy("swordfish");
    const named = proxy.url.replace("http://", "http://carol:swordfish@");
    const { client } = await appStage({ env: { http_proxy: named, NO_PROXY: "direct.corp.example" } });
    const add = (host: string) =>
      client.call("endpoints.add", {
        settings: { kind: "registry", host, plainHttp: "always", anonymous: true },
      });
    const behind = await add("registry.corp.example");
    expect((await client.call("endpoints.check", { id: behind.id })).health.state).toBe("ok");
    const asked = proxy.seen.length;
    const local = await serve((_request, response) => json(response, 200, { repositories: [], tags: [] }));
    for (const host of ["direct.corp.example", local.host]) {
      const { id } = await add(host);
      await client.call("endpoints.check", { id });
    }
    expect(proxy.seen).toHaveLength(asked);
    expect(local.asked.length).toBeGreaterThan(0);
    expect(local.asked.filter(({ headers }) => headers["proxy-authorization"] !== undefined)).toEqual([]);
  });
});
