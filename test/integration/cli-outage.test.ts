// The destination goes away in the middle of a run and comes back: the command waits, says so, and nothing fails.
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { cli } from "../cli/cli-harness.ts";
import { buildImage, pushImage } from "../support/image-builder.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { tempFolder } from "../support/temp.ts";

const images = 12;

async function twoRegistries(): Promise<{ from: RealRegistry; to: RealRegistry; home: string }> {
  const [from, to, home] = await Promise.all([
    startRealRegistry(),
    startRealRegistry(),
    tempFolder("cli-outage"),
  ]);
  onTestFinished(async () => {
    await Promise.all([from.stop(), to.stop()]);
    await home[Symbol.asyncDispose]();
  });
  for (let at = 0; at < images; at++)
    await pushImage(from, await buildImage({ seed: `outage ${at}` }), `team/app${at}`, "v1");
  return { from, to, home: join(home.path, "home") };
}

interface Line {
  readonly event: string;
  readonly state?: string;
  readonly failure?: string;
  readonly status?: string;
  readonly images?: unknown;
  readonly error?: { readonly code: string; readonly side: string; readonly message: string };
}

/** Runs `replicate --events`; `onFirst` is called when the first image has arrived. */
async function replicate(
  world: Awaited<ReturnType<typeof twoRegistries>>,
  retryFor: string,
  onFirst: () => void,
) {
  let first = true;
  const onStdout = (text: string): void => {
    if (!first || !text.includes('"state":"succeeded"')) return;
    first = false;
    onFirst();
  };
  const end = await cli(
    { home: world.home, onStdout },
    ...[
      "replicate",
      "--source",
      world.from.host,
      "--destination",
      world.to.host,
      "--repository-pattern",
      "**",
    ],
    ...["--parallel-workers", "2", "--bandwidth", "60kB/s", "--retry-for", retryFor, "--events"],
  );
  const lines = end.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  return { ...end, lines };
}

it("R002 waits for a destination that is away, says why and when it asks again, and copies everything", async () => {
  const world = await twoRegistries();
  let away: Promise<void> | undefined;
  const end = await replicate(world, "15m", () => {
    away = (async () => {
      await world.to.kill9();
      await wait(9000);
      await world.to.restart();
    })();
  });
  await away;
  expect(end.code).toBe(0);
  expect(end.stderr).toMatch(
    new RegExp(`Waiting for ${world.to.host}: connection refused; (next try in \\d+ s|trying now)`),
  );
  expect(end.lines.filter(({ event, state }) => event === "image" && state === "failed")).toEqual([]);
  expect(
    end.lines.filter(({ event, failure }) => event === "host" && failure !== undefined)[0],
  ).toMatchObject({
    state: "open",
    failure: "connection refused",
  });
  expect(end.lines.at(-1)).toMatchObject({
    event: "result",
    status: "succeeded",
    images: { total: images, copied: images, failed: 0 },
  });
});

it("R002 gives up after the time that --retry-for allows, with the true cause", async () => {
  const world = await twoRegistries();
  const end = await replicate(world, "3s", () => void world.to.kill9());
  expect(end.code).toBe(1);
  const failed = end.lines.filter(({ event, state }) => event === "image" && state === "failed");
  expect(failed.length).toBeGreaterThan(5);
  for (const { error } of failed) {
    expect(error).toMatchObject({ code: "unreachable", side: "destination" });
    expect(error?.message).toContain("ECONNREFUSED");
  }
  // What did not arrive is taken up when it is back.
  await world.to.restart();
  const again = await cli({ home: world.home }, "resume", "--retry-failed", "--json");
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ status: "succeeded", images: { failed: 0 } });
});

it("R002 does not wait for an address that never answered, whatever --retry-for says", async () => {
  const world = await twoRegistries();
  await world.to.stop();
  const began = performance.now();
  const end = await replicate(world, "1h", () => {});
  expect(end.code).toBe(4);
  expect(end.stderr).toContain("cannot be reached");
  expect(performance.now() - began).toBeLessThan(30_000);
});
