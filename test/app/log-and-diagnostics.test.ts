// The log as the window reads it, and the bundle for a bug report: nothing secret, and no names where they are hidden.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createLog } from "../../electron/app/log.ts";
import { LogRing } from "../../electron/app/log-ring.ts";
import { methods } from "../../shared/contract.ts";
import { tempFolder } from "../support/temp.ts";
import { appStage } from "./app-stage.ts";

const query = methods["logs.read"].input.parse;

async function fileLog(level: "debug" | "warn") {
  const folder = await tempFolder("log");
  onTestFinished(() => folder.remove());
  const file = join(folder.path, "logs", "test.log");
  return { log: createLog({ level, destination: file }), file };
}

it("keeps lines with level, run and fields, redacted, also where the file takes less", async () => {
  const { log, file } = await fileLog("warn");
  log.debug({ a: 1 }, "too little");
  log.info({ runId: "RUN1", password: "hunter2", deep: { token: "hunter2" } }, "run started");
  log.warn({ runId: "RUN2" }, "Half a warning");
  log.error({ err: new Error("broken") }, "failed");
  const all = log.ring?.read(query({ level: "debug" }));
  expect(all?.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
    "info run started",
    "warn Half a warning",
    "error failed",
  ]);
  expect(JSON.stringify(all)).not.toContain("hunter2");
  expect(all?.lines[0]).toMatchObject({
    id: 1,
    runId: "RUN1",
    fields: expect.stringContaining("[redacted]"),
  });
  expect(Math.abs((all?.lines[0]?.at ?? 0) - Date.now())).toBeLessThan(60_000);
  const written = readFileSync(file, "utf8").trim().split("\n");
  expect(written).toHaveLength(2);
  const found = (input: object) => log.ring?.read(query(input)).lines.map(({ id }) => id);
  expect(found({ level: "warn" })).toEqual([2, 3]);
  expect(found({ runId: "RUN2" })).toEqual([2]);
  expect(found({ text: "HALF A" })).toEqual([2]);
});

it("reads on behind a line, gives the last ones first, and forgets the oldest", () => {
  const ring = new LogRing();
  for (let at = 1; at <= 25_000; at++) ring.write(`{"level":30,"time":${at},"msg":"line ${at}"}\n`);
  const last = ring.read(query({ limit: 2 }));
  expect([last.lines.map(({ id }) => id), last.next]).toEqual([[24_999, 25_000], 25_000]);
  const on = ring.read(query({ after: 24_990, limit: 3 }));
  expect([on.lines.map(({ id }) => id), on.next]).toEqual([[24_991, 24_992, 24_993], 24_993]);
  expect(ring.read(query({ after: 25_000 }))).toEqual({ lines: [], next: 25_000 });
  expect(ring.read(query({ after: 0, limit: 1 })).lines[0]?.id).toBe(5001);
  ring.write(`${JSON.stringify({ level: 20, msg: "x".repeat(100_000) })}\n`);
  expect(ring.read(query({ after: 25_000 }))).toEqual({ lines: [], next: 25_001 });
  expect(ring.read(query({ level: "debug", limit: 1 })).lines[0]?.message.length).toBeLessThan(5000);
});

it("keeps and gives only so much of long lines, however many there are", () => {
  const ring = new LogRing();
  const long = "x".repeat(10_000);
  for (let at = 1; at <= 2000; at++)
    ring.write(
      JSON.stringify({ level: 50, time: at, runId: "RUN1", err: { stack: long }, msg: `failed ${at}` }),
    );
  const last = ring.read(query({ runId: "RUN1", limit: 2000 }));
  expect(JSON.stringify(last).length).toBeLessThan(4 * 1024 * 1024);
  expect(last.lines.at(-1)).toMatchObject({
    id: 2000,
    level: "error",
    message: "failed 2000",
    runId: "RUN1",
  });
  expect(last.lines.at(-1)?.fields).toContain("stack");
  const seen: number[] = [];
  for (let after = 0, more = true; more; ) {
    const { lines, next } = ring.read(query({ after, limit: 2000 }));
    seen.push(...lines.map(({ id }) => id));
    more = lines.length > 0;
    after = next;
  }
  expect(seen).toEqual(Array.from({ length: 2000 }, (_, at) => at + 1));
});

it("bundles what a bug report needs, with names replaced by the same placeholder everywhere", async () => {
  const { log } = await fileLog("debug");
  const { client, home } = await appStage({ log });
  const settings = {
    kind: "registry" as const,
    host: "registry.corp.example:5000",
    proxy: "http://proxy.corp.example:3128",
    mirrors: [{ location: "mirror.corp.example/team" }],
    clientCertFile: "/home/jane/client.pem",
    clientKeyFile: "/home/jane/client.key",
    credential: { from: "environment" as const, username: "CORP_USER", password: "CORP_PASSWORD" },
  };
  const credential = { username: "jane.doe", password: "hunter2hunter2" };
  const one = await client.call("endpoints.add", { name: "Production Vienna", settings, credential });
  const two = await client.call("endpoints.add", { settings: { kind: "layout", path: join(home, "vault") } });
  const selection = [{ kind: "image" as const, repository: "secret-team/app", reference: "v1" }];
  await client.call("runs.plan", { sourceId: two.id, destinationId: two.id, selection });
  await client.call("settings.set", { key: "theme", value: "dark" });
  log.warn({ host: "registry.corp.example", repository: "secret-team/app", operation: "put-blob" }, "slow");
  log.warn({ error: "registry.corp.example/secret-team/app:v1 is immutable" }, "a tag was not deleted");

  const names = [
    "registry.corp.example",
    "jane.doe",
    "Production Vienna",
    "secret-team",
    join(home, "vault"),
    ...["proxy.corp.example", "mirror.corp.example", "/home/jane", "CORP_"],
  ];
  const shown = await client.call("diagnostics.preview", { hideNames: false });
  expect(shown.text).not.toContain("hunter2");
  for (const name of names.slice(0, 1)) expect(shown.text).toContain(name);
  expect(shown.fileName).toMatch(/^freightliner-diagnostics-\d{4}-\d\d-\d\d\.json$/);

  const hidden = await client.call("diagnostics.preview", {});
  for (const name of [...names, "hunter2"]) expect(hidden.text, name).not.toContain(name);
  const bundle = JSON.parse(hidden.text) as Record<string, unknown>;
  expect(bundle).toMatchObject({
    database: "ok",
    settings: { theme: "dark" },
    program: { face: "cli" },
    endpoints: [
      { id: one.id, name: "<name 1>", settings: { host: "<host 1>:5000" } },
      { id: two.id, settings: { path: "<folder 1>" } },
    ],
    runs: [{ source: two.id }],
  });
  expect(bundle.log).toContainEqual(
    expect.objectContaining({ message: "slow", fields: { operation: "put-blob" } }),
  );
  expect(await client.call("diagnostics.preview", {})).toMatchObject({ fileName: hidden.fileName });
});

it("tells everybody of changed limits", async () => {
  const { client, heard } = await appStage();
  const limits = await client.call("limits.set", { parallelRuns: 3 });
  await expect.poll(() => heard("limits.changed")).toEqual([limits]);
});
