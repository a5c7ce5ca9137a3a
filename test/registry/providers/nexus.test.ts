// Nexus: lists with nothing behind them, links to its inner paths, tags that stay, a realm that is none.
import { describe, expect, it } from "vitest";
import { type NexusOptions, startNexus } from "../../support/vendors/nexus.ts";
import { emptyImage } from "../samples.ts";
import { afterwards, collect, json, options, serve } from "../scripted-server.ts";
import { clientOf, copyBack, copyTo, password, refusalOf } from "./stand-ins.ts";

const ci = password("ci", "nexus-secret");
const tags = Array.from({ length: 2300 }, (_, at) => `v${String(at).padStart(4, "0")}`);

async function nexus(settings: NexusOptions = {}) {
  const registry = await startNexus(settings);
  afterwards(() => registry.stop());
  return { registry, client: clientOf("nexus", registry.host, { credential: ci }) };
}

describe("the lists of Nexus", () => {
  it.each(["none", "inner", "right"] as const)(
    "are whole with %s links, without nulls and digests",
    async (links) => {
      const { registry, client } = await nexus({ links });
      registry.fault({ do: "list", names: tags });
      expect(await collect(client.listTags("app", options()))).toEqual(tags);
      expect(await collect(client.listRepositories(options()))).toEqual(tags);
      expect(registry.requests.some(({ path }) => path.startsWith("/repository/"))).toBe(false);
    },
  );

  it("go on where the last of a full page is null", async () => {
    const pages: unknown[][] = [[...tags.slice(0, 999), null], tags.slice(999, 1500)];
    const server = await serve((request, response) => {
      const last = new URL(request.url ?? "", "http://x").searchParams.get("last");
      if (request.url === "/v2/") json(response, 200, {});
      else json(response, 200, { name: "app", tags: pages[last === null ? 0 : 1] });
    });
    const found = await collect(clientOf("nexus", server.host).listTags("app", options()));
    expect(found).toEqual(tags.slice(0, 1500));
  });

  it("end where `last` is not understood", async () => {
    const { registry, client } = await nexus({ links: "none" });
    registry.fault({ do: "ignore-last" });
    registry.fault({ do: "list", names: tags.slice(0, 1000) });
    expect(await collect(client.listRepositories(options()))).toEqual(tags.slice(0, 1000));
  });
});

describe("a whole copy to Nexus", () => {
  it("goes by user name and password and comes back the same", async () => {
    const { client } = await nexus();
    const copied = await copyTo(client, "team/app");
    expect(copied.run).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 1 } });
    expect((await copyBack(client, "team/app", copied)).state).toBe("succeeded");
  });

  it("goes past tokens that live for a second", async () => {
    const { registry, client } = await nexus({
      auth: {
        ...{ kind: "token", user: "ci", password: "nexus-secret" },
        ...{ lifetimeSeconds: 1, toldLifetimeSeconds: 300 },
      },
    });
    registry.fault({ do: "delay", ms: 700 }, { method: "PUT", kind: ["upload", "manifest"] });
    expect((await copyTo(client, "team/app", 300_000)).run.state).toBe("succeeded");
    const refused = registry.requests.filter(({ status, path }) => status === 401 && path !== "/v2/");
    expect(refused.length).toBeGreaterThan(0);
  });

  it("waits as it says", async () => {
    const { registry, client } = await nexus();
    const busy = registry.fault({ do: "throttle", retryAfter: "1" }, { kind: "uploads", times: 1 });
    expect((await copyTo(client, "team/app")).run.state).toBe("succeeded");
    expect(busy.count).toBe(1);
  });

  it("goes on where another push committed the same blob at the same moment (sonatype/nexus-public#967)", async () => {
    const { registry, client } = await nexus();
    const race = registry.fault(
      { do: "status", status: 400, code: "BLOB_UPLOAD_INVALID", message: "blob upload invalid" },
      { method: "PUT", kind: "upload", times: 1 },
    );
    expect((await copyTo(client, "team/app")).run.state).toBe("succeeded");
    expect(race.count).toBe(1);
  });
});

describe("the rules of Nexus", () => {
  it("a tag that may not be deployed again is told as immutable, by what the detail says", async () => {
    const { client } = await nexus({ keepsTags: true });
    expect((await copyTo(client, "team/app")).run.state).toBe("succeeded");
    expect(await refusalOf(client.putManifest("team/app", "v1", emptyImage, options()))).toMatchObject({
      ...{ code: "tag-immutable", status: 400, retryable: false },
      message: expect.stringContaining("does not allow updating assets"),
    });
  });

  it("a repository that is missing has no tags", async () => {
    const { client } = await nexus();
    expect(await refusalOf(collect(client.listTags("gone", options())))).toMatchObject({
      code: "repository-unknown",
    });
  });

  it("a realm of null:// is said to be none (sonatype/nexus-public#580)", async () => {
    const server = await serve((_, response) =>
      json(response, 401, {}, { "www-authenticate": 'Bearer realm="null://null/v2/token",service="null"' }),
    );
    const client = clientOf("nexus", server.host, { credential: ci });
    expect(await refusalOf(collect(client.listTags("app", options())))).toMatchObject({
      message: expect.stringContaining("null:"),
    });
  });
});
