// Comparing through the contract: repositories by name and mapping, tags and images of real endpoints; and the audit of deletes.
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { compareRepositories } from "../../electron/app/compare-repositories.ts";
import { readConfig } from "../../electron/app/config.ts";
import { createApp } from "../../electron/app/create-app.ts";
import type { Log } from "../../electron/app/log.ts";
import type { Mapping } from "../../shared/selection.ts";
import { startFixtureRegistry } from "../support/fixture-registry.ts";
import { buildImage, pushImage } from "../support/image-builder.ts";
import { tempFolder } from "../support/temp.ts";

/** An app with two registries, and what it logged. */
async function stage() {
  const registries = await Promise.all([startFixtureRegistry(), startFixtureRegistry()]);
  const home = await tempFolder("compare");
  const logged: { readonly what: unknown; readonly message: string }[] = [];
  const note = (what: unknown, message: string): void => void logged.push({ what, message });
  const log = { debug: () => undefined, info: note, warn: note, error: note } as unknown as Log;
  const config = readConfig({ home: join(home.path, "data") }, {});
  const app = await createApp({ face: "cli", config, log });
  const client = app.connectDirect();
  onTestFinished(async () => {
    await app.close();
    await Promise.all(registries.map((registry) => registry.stop()));
    await home.remove();
  });
  const [from, to] = registries;
  const add = (host: string) =>
    client.call("endpoints.add", {
      settings: { kind: "registry", host, plainHttp: "always" },
      temporary: true,
    });
  const source = await add(from.host);
  const destination = await add(to.host);
  return { from, to, client, logged, ids: { sourceId: source.id, destinationId: destination.id } };
}

describe("comparing through the contract", () => {
  it("goes from repositories to tags to the parts of an image", async () => {
    const { from, to, client, ids } = await stage();
    const same = await buildImage({ seed: "same", layerSize: 200 });
    const other = await buildImage({ seed: "other", layerSize: 200 });
    await pushImage(from, same, "team/app", "v1");
    await pushImage(from, other, "team/app", "v2");
    await pushImage(from, other, "team/only", "v1");
    await pushImage(to, same, "mirror/team/app", "v1");
    await pushImage(to, same, "mirror/team/app", "v2");
    await pushImage(to, same, "mirror/team/old", "v1");
    const mapping = { kind: "prefix", prefix: "mirror" } as const;
    const rows = await client.call("compare.repositories", { ...ids, mapping });
    expect(rows).toEqual({
      total: 3,
      rows: [
        { source: null, destination: "mirror/team/old" },
        { source: "team/app", destination: "mirror/team/app" },
        { source: "team/only", destination: null },
      ],
    });
    const paged = await client.call("compare.repositories", { ...ids, mapping, offset: 2, limit: 1 });
    expect(paged).toMatchObject({ total: 3, rows: [{ source: "team/only" }] });

    const pair = { sourceRepository: "team/app", destinationRepository: "mirror/team/app" };
    expect(await client.call("compare.tags", { ...ids, ...pair })).toEqual({
      missing: [],
      different: [{ tag: "v2", sourceDigest: other.digest, destinationDigest: same.digest }],
      extra: [],
      same: 1,
      counts: { missing: 0, different: 1, extra: 0 },
    });
    expect(await client.call("compare.tags", { ...ids, ...pair, most: 0 })).toMatchObject({
      different: [],
      counts: { different: 1 },
    });
    const at = (tag: string) => ({
      source: { endpointId: ids.sourceId, repository: "team/app", reference: tag },
      destination: { endpointId: ids.destinationId, repository: "mirror/team/app", reference: tag },
    });
    expect(await client.call("compare.image", at("v1"))).toMatchObject({ equal: true });
    const found = await client.call("compare.image", at("v2"));
    expect(found).toMatchObject({ equal: false, sourceDigest: other.digest, destinationDigest: same.digest });
    expect(new Set(found.parts.map((part) => part.at))).toEqual(new Set(["source", "destination"]));
  });

  it("refuses half a list, which would show repositories as missing that are there", async () => {
    const { to, client, ids } = await stage();
    to.fault({ do: "status", status: 404, code: "NOT_FOUND" }, { kind: "catalog" });
    await expect(client.call("compare.repositories", ids)).rejects.toMatchObject({
      code: "unsupported",
      side: "destination",
    });
  });
});

describe("the log", () => {
  it("S014 has a line for every tag that was deleted", async () => {
    const { from, to, client, logged, ids } = await stage();
    const image = await buildImage({ seed: "kept", layerSize: 200 });
    await pushImage(from, image, "app", "v1");
    const gone = await buildImage({ seed: "gone", layerSize: 200 });
    await pushImage(to, gone, "app", "old");
    const planning = await client.call("runs.plan", {
      ...ids,
      selection: [{ kind: "repositories", tags: {} }],
      options: { mirror: { maxDelete: 1, maxShare: 1 } },
    });
    const state = async () => (await client.call("runs.get", { runId: planning.id })).state;
    await expect.poll(state, { timeout: 10_000 }).toBe("planned");
    await client.call("runs.start", { runId: planning.id });
    await expect.poll(state, { timeout: 10_000 }).toBe("succeeded");
    const lines = logged.filter((line) => line.message === "deleted a tag");
    expect(lines).toMatchObject([
      { what: { runId: planning.id, reference: "app:old", digest: gone.digest } },
    ]);
  });
});

describe("repositories of two sides", () => {
  const rows = (mapping: Mapping, source: string[], destination: string[], include: string[] = []) =>
    compareRepositories({ source, destination, include, exclude: ["**/tmp"], mapping }).map(
      (row) => `${row.source ?? "-"} ${row.destination ?? "-"}`,
    );

  it("stand side by side by their mapped names, sorted as people sort", () => {
    expect(rows({ kind: "keep" }, ["b10", "b9", "x/tmp"], ["b9", "a", "y/tmp"])).toEqual([
      "- a",
      "b9 b9",
      "b10 -",
    ]);
    expect(
      rows(
        { kind: "prefix", prefix: "mirror/" },
        ["team/a", "team/b"],
        ["mirror/team/a", "mirror/old", "team/b"],
      ),
    ).toEqual(["- mirror/old", "team/a mirror/team/a", "team/b -"]);
  });

  it("leave out of the destination what the selection would not have put there", () => {
    const prefix = { kind: "prefix", prefix: "m" } as const;
    expect(rows(prefix, ["team/a"], ["m/team/x", "m/else/x"], ["team/*"])).toEqual(
      ["team/a -", "- m/team/x"].toSorted(),
    );
    expect(rows({ kind: "into", repository: "all" }, ["a", "b"], ["all", "else"])).toEqual([
      "a all",
      "b all",
    ]);
    expect(rows({ kind: "strip", levels: 1, prefix: "m" }, ["x/a"], ["m/a", "m/b", "c"])).toEqual([
      "- m/b",
      "x/a m/a",
    ]);
  });

  it("have no counterpart where the mapping makes no name", () => {
    const template = { kind: "template", pattern: "team/(.*)", replacement: "t-$1" } as const;
    expect(rows(template, ["team/a", "other/b"], ["t-a"])).toEqual(["other/b -", "team/a t-a"]);
  });
});
