// The steps that tell a person how far one gets with a registry.
import { describe, expect, it } from "vitest";
import { mediaTypes } from "../../shared/media-types.ts";
import { freePort } from "../support/child.ts";
import { json, registryFor, type Script, serve } from "./scripted-server.ts";

const alice = { kind: "password" as const, username: "alice", password: "pw" };
const { signal } = new AbortController();

async function outcomes(host: string, credential?: typeof alice): Promise<Record<string, string>> {
  const registry = registryFor(host, credential === undefined ? {} : { credential });
  const steps = await registry.check(signal);
  const names = ["dns", "reachable", "tls", "registry", "sign-in", "catalog", "pull", "push", "referrers"];
  expect(steps.map((step) => step.name)).toEqual(names);
  for (const step of steps) {
    expect(step.text).toMatch(/^\S.*\.$/);
    expect(step.error !== undefined).toBe(step.outcome === "failed" || step.error !== undefined);
  }
  return Object.fromEntries(steps.map((step) => [step.name, step.outcome]));
}

/** A JWT as far as its middle goes. */
function jwt(claims: unknown): string {
  return `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;
}

async function bearerRegistry(token: string, repositories: readonly string[] | undefined) {
  const tokens = await serve((_request, response) => json(response, 200, { token }));
  return serve((request, response) => {
    if (request.headers.authorization === undefined)
      response.writeHead(401, { "www-authenticate": `Bearer realm="${tokens.url}/t"` }).end();
    else if (request.url?.startsWith("/v2/_catalog") === true && repositories === undefined)
      json(response, 404, {});
    else json(response, 200, { repositories });
  });
}

describe("check", () => {
  it("passes an open registry and changes nothing there", async () => {
    const server = await serve((_request, response) => json(response, 200, { repositories: ["a"] }));
    expect(await outcomes(server.host, alice)).toEqual({
      dns: "skipped",
      reachable: "passed",
      registry: "passed",
      "sign-in": "passed",
      catalog: "passed",
      // It answers with a list of repositories where tags were asked for.
      pull: "warning",
      push: "skipped",
      tls: "passed",
      // It answers with JSON that is no index: there is no such list.
      referrers: "warning",
    });
    expect(new Set(server.asked.map((one) => one.method))).toEqual(new Set(["GET"]));
    const empty = await serve((_request, response) => json(response, 200, { repositories: [] }));
    expect((await outcomes(empty.host)).catalog).toBe("passed");
  });

  it("stops at a host that is not there, and at one that is no registry", async () => {
    expect(await outcomes(`127.0.0.1:${await freePort()}`)).toEqual({
      dns: "skipped",
      reachable: "failed",
      registry: "skipped",
      "sign-in": "skipped",
      catalog: "skipped",
      pull: "skipped",
      push: "skipped",
      tls: "skipped",
      referrers: "skipped",
    });
    const web = await serve((_request, response) => void response.writeHead(404).end());
    expect(await outcomes(web.host)).toMatchObject({
      reachable: "passed",
      registry: "failed",
      "sign-in": "skipped",
    });
  });

  it("stops at a sign-in that is refused", async () => {
    const script: Script = (_request, response) => {
      response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
    };
    const server = await serve(script);
    expect(await outcomes(server.host, alice)).toMatchObject({
      registry: "passed",
      "sign-in": "failed",
      catalog: "skipped",
      push: "skipped",
    });
    const steps = await registryFor(server.host, { credential: alice }).check(signal);
    expect(steps[4]?.error).toMatchObject({ code: "unauthorized" });
  });

  it("reads from a token whether writing is allowed", async () => {
    const may = await bearerRegistry(jwt({ access: [{ name: "a", actions: ["pull", "push"] }] }), ["a"]);
    expect(await outcomes(may.host, alice)).toMatchObject({
      "sign-in": "passed",
      catalog: "passed",
      push: "passed",
    });
    const mayNot = await bearerRegistry(jwt({ access: [{ name: "b", actions: ["pull", "push"] }] }), ["a"]);
    expect(await outcomes(mayNot.host)).toMatchObject({ "sign-in": "warning", push: "warning" });
    for (const token of ["opaque", jwt({}), "a.b.c"]) {
      const silent = await bearerRegistry(token, ["a"]);
      expect((await outcomes(silent.host, alice)).push, token).toBe("skipped");
    }
  });

  it("warns where repositories cannot be listed, and fails where listing fails", async () => {
    const closed = await bearerRegistry("t", undefined);
    expect(await outcomes(closed.host, alice)).toMatchObject({ catalog: "warning", push: "skipped" });
    const down = await serve((request, response) => json(response, request.url === "/v2/" ? 200 : 500, {}));
    expect((await outcomes(down.host)).catalog).toBe("failed");
  });

  it("tells each step when it ends, and whether attachments are listed", async () => {
    const server = await serve((request, response) => {
      if (request.url?.includes("/referrers/") !== true) return json(response, 200, { repositories: ["a"] });
      const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [] };
      response.writeHead(200, { "content-type": mediaTypes.ociIndex }).end(JSON.stringify(index));
    });
    const told: string[] = [];
    const asked: number[] = [];
    const steps = await registryFor(server.host).check(signal, {
      onStep: (step) => {
        told.push(step.name);
        asked.push(server.asked.length);
      },
    });
    expect(told).toEqual(steps.map((step) => step.name));
    expect(asked.at(-1)).toBeGreaterThan(asked[0] ?? Number.NaN);
    expect(steps.at(-1)).toMatchObject({ name: "referrers", outcome: "passed" });
  });

  it("looks at the rights on the repository that was named, and says where a name is not known", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/v2/") json(response, 200, {});
      else if (request.url?.startsWith("/v2/mine/tags/list")) json(response, 200, { tags: ["v1"] });
      else json(response, 404, { errors: [{ code: "NAME_UNKNOWN" }] });
    });
    const steps = await registryFor(server.host).check(signal, { repository: "mine" });
    const pull = steps.find(({ name }) => name === "pull");
    expect(pull).toMatchObject({ outcome: "passed", text: "mine may be read; its first tag is v1." });
    const lost = await registryFor("no-such-name.invalid").check(signal);
    expect(lost[0]).toMatchObject({ name: "dns", outcome: "failed", error: { code: "unreachable" } });
    expect(lost[1]).toMatchObject({ name: "reachable", outcome: "failed" });
  });

  it("throws nothing but the signal's reason", async () => {
    const server = await serve(() => {});
    const stop = new AbortController();
    const reason = new Error("closed");
    setTimeout(() => stop.abort(reason), 30);
    await expect(registryFor(server.host).check(stop.signal)).rejects.toBe(reason);
  });
});
