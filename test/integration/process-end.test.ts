// Processes end by themselves, whole and soon: no handle is left, no output is lost, no reader is needed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { buildBundles } from "../support/build.ts";
import { startBuiltHost } from "../support/built-host.ts";
import { type FixtureRegistry, startFixtureRegistry } from "../support/fixture-registry.ts";
import { buildImage, pushImage } from "../support/image-builder.ts";
import { cliBundle, nodeBinary, runProcess } from "../support/processes.ts";
import { listTags } from "../support/raw-http.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

describe("R004 the end of a process", () => {
  let source: FixtureRegistry;
  let destination: FixtureRegistry;
  let home: TempFolder;
  beforeAll(async () => {
    await buildBundles("cli", "host", "client");
    [source, destination, home] = await Promise.all([
      startFixtureRegistry(),
      startFixtureRegistry(),
      tempFolder("end"),
    ]);
    await pushImage(
      source,
      await buildImage({ seed: "end", layers: 2, layerSize: 200_000 }),
      "team/app",
      "v1",
    );
  });
  afterAll(async () => {
    await Promise.all([source.stop(), destination.stop(), home.remove()]);
  });

  it("comes with one sentence where a command had nothing to do", async () => {
    for (const args of [
      ["runs", "list"],
      ["jobs", "list"],
    ]) {
      const end = await runProcess({ home: join(home.path, "quick"), args, script: cliBundle });
      expect(end).toMatchObject({ code: 0, stderr: expect.stringMatching(/^There are no [^\n]*\n$/) });
    }
  });

  it("comes by itself behind a run and with clients still connected; nothing calls process.exit", async () => {
    const host = await startBuiltHost(join(home.path, "web"));
    const { client, origin, process } = host;
    const add = async (host: string): Promise<string> =>
      (await client.call("endpoints.add", { settings: { kind: "registry", host, plainHttp: "always" } })).id;
    const [sourceId, destinationId] = [await add(source.host), await add(destination.host)];
    const selection = [{ kind: "repositories" as const, names: ["team/app"], tags: {} }];
    const { id: runId } = await client.call("runs.plan", { sourceId, destinationId, selection });
    const reach = (state: string) =>
      vi.waitFor(
        async () => expect(await client.call("runs.get", { runId })).toMatchObject({ state }),
        5_000,
      );
    await reach("planned");
    await client.call("runs.start", { runId });
    await reach("succeeded");
    expect(await listTags(destination, "team/app")).toEqual(["v1"]);
    const idle = connect(Number(new URL(origin).port), "127.0.0.1");
    idle.on("error", () => undefined);
    const refused = connect({ port: Number(new URL(origin).port), host: "127.0.0.1", allowHalfOpen: true });
    refused.on("error", () => undefined);
    refused.write(
      `GET /ws HTTP/1.1\r\nHost: ${new URL(origin).host}\r\nOrigin: ${origin}\r\n` +
        "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    );
    await once(refused, "data");
    process.signal("SIGTERM");
    await process.waitFor(/Stopping…/);
    const began = performance.now();
    expect(await process.ended).toMatchObject({ code: 0, signal: null });
    expect(performance.now() - began).toBeLessThan(2_000);
    idle.destroy();
    refused.destroy();
  });

  it("waits for a reader that is slow: a long document arrives whole", async () => {
    // A plain server, because 20 000 repositories would have to be made in a real one.
    const names = Array.from({ length: 20_000 }, (_, i) => `team/application-with-a-long-name-${i}`);
    const large = createServer((request, response) => {
      response.setHeader("content-type", "application/json");
      const catalog = request.url?.startsWith("/v2/_catalog") === true;
      response.end(JSON.stringify(catalog ? { repositories: names } : {}));
    });
    await once(large.listen(0, "127.0.0.1"), "listening");
    const { port } = large.address() as AddressInfo;
    const child = spawn(nodeBinary, [cliBundle, "ls", `127.0.0.1:${port}`, "--json", "--home", home.path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "close");
    await once(child.stdout, "readable");
    // Longer than the process needs for everything else.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += String(chunk);
    });
    expect(await ended).toEqual([0, null]);
    const { repositories } = JSON.parse(text) as { repositories: string[] };
    expect(new Set(repositories).size).toBe(names.length);
    large.close();
  });

  it("lets a run come to rest when the reader of its events is gone", async () => {
    source.fault({ do: "slow", bytesPerSecond: 40_000 }, { kind: "blob" });
    const child = spawn(
      nodeBinary,
      [
        ...[cliBundle, "replicate", "--source", source.host, "--destination", destination.host],
        ...["--repository", "team/app", "--prefix", "gone", "--events", "--home", home.path],
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += String(chunk);
    });
    const ended = once(child, "exit");
    await once(child.stdout, "data");
    child.stdout.destroy();
    expect(await ended, stderr).toEqual([130, null]);
    const words = /npx freightliner (resume [0-9A-Z]{26})/.exec(stderr)?.[1]?.split(" ") ?? [];
    source.heal();
    const resumed = await runProcess({ home: home.path, args: [...words, "--json"] });
    expect(resumed.code, stderr + resumed.stderr).toBe(0);
    await vi.waitFor(async () => expect(await listTags(destination, "gone/team/app")).toEqual(["v1"]));
  });
});
