// Hosts and limits as faces see them: news twice a second, limits kept, followed by the clock and applied at once.
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { readConfig } from "../../electron/app/config.ts";
import { createApp } from "../../electron/app/create-app.ts";
import { HostsBoard } from "../../electron/app/hosts-board.ts";
import { LimitsOfHosts } from "../../electron/app/limits-of-hosts.ts";
import { silentLog } from "../../electron/app/log.ts";
import { Metrics } from "../../electron/app/metrics.ts";
import { ProgramLimits } from "../../electron/app/program-limits.ts";
import { Bandwidth } from "../../electron/engine/bandwidth.ts";
import { systemClock } from "../../electron/engine/clock.ts";
import { Hosts } from "../../electron/engine/hosts.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { HostStatus } from "../../shared/host.ts";
import { type Limits, limitsSchema } from "../../shared/limits.ts";
import { startFixtureRegistry } from "../support/fixture-registry.ts";
import { tempFolder } from "../support/temp.ts";

const never = new AbortController().signal;

describe("the news of hosts", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("are told at most twice a second each, and to the end of what moves", async () => {
    const hosts = new Hosts({ clock: systemClock });
    const told: HostStatus[] = [];
    const board = new HostsBoard({
      hosts,
      hub: { emit: (_, data) => void told.push(data as HostStatus) },
      now: () => Date.now(),
    });
    const ask = (host: string) =>
      hosts.within({ hosts: [host], lane: "small", signal: never }, async () => 1);
    for (let at = 0; at < 100; at++) await ask("a");
    const held = Promise.withResolvers<void>();
    const open = hosts.within({ hosts: ["b"], lane: "small", signal: never }, () => held.promise);
    await Promise.resolve();
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(500);
    expect(told.map(({ host, small }) => [host, small])).toEqual([
      ["a", 0],
      ["b", 1],
    ]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(told.length).toBe(2);
    held.resolve();
    await open;
    await vi.advanceTimersByTimeAsync(1000);
    expect(told.slice(2).map(({ host, small }) => [host, small])).toEqual([["b", 0]]);
    expect(vi.getTimerCount()).toBe(0);
    board.close();
    await ask("a");
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the news of a host that does not answer", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("R002 end when nothing changes any more, and nobody asks", async () => {
    const hosts = new Hosts({ clock: systemClock });
    const told: string[] = [];
    const hub = { emit: (_: string, data: unknown) => void told.push((data as HostStatus).state) };
    const board = new HostsBoard({ hosts, hub, now: () => Date.now() });
    const failure = new FreightlinerError({ code: "unreachable", operation: "test", message: "gone" });
    const ask = (work: () => Promise<number>) =>
      hosts.within({ hosts: ["a"], lane: "small", signal: never }, work).catch(() => 0);
    await ask(async () => 1);
    for (let at = 0; at < 5; at++) await ask(() => Promise.reject(failure));
    await vi.advanceTimersByTimeAsync(10_000);
    expect([told, vi.getTimerCount()]).toEqual([["open"], 0]);
    await ask(async () => 1);
    await vi.advanceTimersByTimeAsync(2000);
    expect([told, vi.getTimerCount()]).toEqual([["open", "ok"], 0]);
    board.close();
  });
});

describe("the metrics", () => {
  it("R002 name every host with its requests, limit, breaker and throttles", async () => {
    const hosts = new Hosts({ clock: systemClock });
    const failure = new FreightlinerError({ code: "unreachable", operation: "test", message: "gone" });
    for (let at = 0; at < 5; at++)
      await hosts
        .within({ hosts: ["gone:5000"], lane: "small", signal: never }, () => Promise.reject(failure))
        .catch(() => undefined);
    const metrics = new Metrics();
    const figures = hosts.list().map((status) => ({ ...status, ...hosts.counts(status.host) }));
    const text = metrics.render(1, figures);
    metrics.close();
    expect(text).toContain('freightliner_host_breaker_open{host="gone:5000"} 1');
    expect(text).toContain('freightliner_host_breaker_opened_total{host="gone:5000"} 1');
    expect(text).toContain('freightliner_host_failures_total{host="gone:5000"} 5');
    expect(text).toContain('freightliner_host_throttles_total{host="gone:5000"} 0');
    expect(text).toContain('freightliner_host_request_limit{host="gone:5000"} 8');
  });
});

describe("limits of the program", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const kept = (stored: Record<string, unknown> = {}) => ({
    all: () => stored,
    set: (key: string, value: unknown) => {
      stored[key] = value;
    },
  });
  const limits = (input: Partial<Limits>): Limits => limitsSchema.parse(input);

  it("are applied at once, and the timetable minute by minute", async () => {
    vi.setSystemTime(new Date(2026, 10, 20, 7, 58, 30));
    const bandwidth = new Bandwidth({ clock: systemClock });
    const stored = {};
    const program = new ProgramLimits({
      settings: kept(stored),
      bandwidth,
      now: () => new Date(),
      log: silentLog,
    });
    program.open();
    expect([bandwidth.limitOfAll, program.parallelRuns]).toEqual([null, 2]);
    const timetable = [{ days: [], from: "08:00", to: "08:02", bytesPerSecond: 5000 }];
    program.set(limits({ bandwidth: 9000, timetable, parallelRuns: 3 }));
    expect([bandwidth.limitOfAll, program.parallelRuns]).toEqual([9000, 3]);
    expect(stored).toMatchObject({ limits: { bandwidth: 9000 } });
    const seen: (number | null)[] = [];
    for (let minute = 0; minute < 5; minute++) {
      await vi.advanceTimersByTimeAsync(60_000);
      seen.push(bandwidth.limitOfAll);
    }
    expect(seen).toEqual([9000, 5000, 5000, 9000, 9000]);
    program.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("R002 stay as they are while the database cannot be read, and are looked at again", async () => {
    const bandwidth = new Bandwidth({ clock: systemClock });
    const stored: Record<string, unknown> = { limits: limits({ bandwidth: 5000 }) };
    let locked = false;
    const all = () => {
      if (locked) throw new FreightlinerError({ code: "store", operation: "read", message: "It is locked." });
      return stored;
    };
    const settings = { ...kept(stored), all };
    const program = new ProgramLimits({ settings, bandwidth, now: () => new Date(), log: silentLog });
    program.open();
    locked = true;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(bandwidth.limitOfAll).toBe(5000);
    locked = false;
    stored.limits = limits({ bandwidth: 7000 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(bandwidth.limitOfAll).toBe(7000);
    program.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("that another process set count here within a minute, and are told", async () => {
    const stored: Record<string, unknown> = {};
    const bandwidth = new Bandwidth({ clock: systemClock });
    const program = new ProgramLimits({
      settings: kept(stored),
      bandwidth,
      now: () => new Date(),
      log: silentLog,
    });
    program.open();
    const told: number[] = [];
    program.onChange(({ parallelRuns }) => told.push(parallelRuns));
    stored.limits = limits({ parallelRuns: 7, bandwidth: 4096 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect([told, bandwidth.limitOfAll]).toEqual([[7], 4096]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual([7]);
    program.close();
  });

  it("that cannot be read are none, and the log says so", () => {
    const errors: string[] = [];
    const log = {
      error: (_: unknown, message: string) => errors.push(message),
    } as unknown as typeof silentLog;
    const settings = kept({ limits: { bandwidth: "fast" } });
    const program = new ProgramLimits({
      settings,
      bandwidth: new Bandwidth({ clock: systemClock }),
      now: () => new Date(),
      log,
    });
    expect(program.get()).toEqual(limits({}));
    expect(errors).toEqual(["the stored limits cannot be read; none are applied"]);
  });
});

describe("limits of hosts that were set by hand", () => {
  it("that cannot be read are none and the log says so; a thousand hosts are kept", () => {
    const stored: Record<string, unknown> = { "host-limits": { a: { connections: "many" } } };
    const errors: string[] = [];
    const log = {
      error: (_: unknown, message: string) => void errors.push(message),
    } as unknown as typeof silentLog;
    const limits = new LimitsOfHosts(
      { all: () => stored, set: (key, value) => void Object.assign(stored, { [key]: value }) },
      log,
    );
    expect([limits.of("a"), errors]).toEqual([
      {},
      ["the stored limits of hosts cannot be read; none are applied"],
    ]);
    for (let at = 0; at <= 1000; at++) limits.set(`h${at}`, { connections: 2 });
    limits.set("h1", { bandwidth: null });
    limits.set("last", { adaptive: false });
    expect([limits.of("h0"), limits.of("h1"), limits.of("h2")]).toEqual([
      {},
      { connections: 2, bandwidth: null },
      {},
    ]);
    limits.forget("h1");
    expect(limits.of("h1")).toEqual({});
  });
});

describe("the contract", () => {
  it("P002 lists hosts, adjusts those it knows, and keeps the program's limits over a restart", async () => {
    await using home = await tempFolder("limits");
    const config = readConfig({ home: join(home.path, "data") }, {});
    const open = () => createApp({ face: "cli", config, log: silentLog });
    const first = await open();
    const client = first.connectDirect();
    expect(await client.call("limits.get", {})).toEqual({ parallelRuns: 2, bandwidth: null, timetable: [] });
    expect(await client.call("hosts.list", {})).toEqual({ hosts: [] });
    await expect(client.call("hosts.adjust", { host: "nowhere:5000", connections: 3 })).rejects.toMatchObject(
      {
        code: "not-found",
      },
    );
    const registry = await startFixtureRegistry();
    onTestFinished(() => registry.stop());
    const { host } = registry;
    const { id } = await client.call("endpoints.add", {
      name: "one",
      settings: { kind: "registry", host, connections: 12, bandwidth: 50_000 },
    });
    await client.call("repositories.list", { endpointId: id });
    const known = { host, limit: 8, most: 12, adaptive: true, bandwidth: 50_000 };
    expect(await client.call("hosts.list", {})).toMatchObject({ hosts: [known] });
    const adjusted = await client.call("hosts.adjust", {
      host,
      connections: 3,
      adaptive: false,
      bandwidth: null,
    });
    expect(adjusted).toMatchObject({ host, limit: 3, most: 3, adaptive: false, bandwidth: null });
    const wanted = limitsSchema.parse({ parallelRuns: 5, bandwidth: 123_456 });
    expect(await client.call("limits.set", wanted)).toEqual(wanted);
    await first.close();
    const second = await open();
    const next = second.connectDirect();
    expect(await next.call("limits.get", {})).toEqual(wanted);
    // What was set by hand is stronger than the settings, and parts that were not set are theirs.
    await next.call("repositories.list", { endpointId: id, refresh: true });
    const byHand = { host, most: 3, adaptive: false, bandwidth: null };
    expect(await next.call("hosts.list", {})).toMatchObject({ hosts: [byHand] });
    await next.call("hosts.adjust", { host, connections: 5 });
    await next.call("endpoints.update", { id, name: "renamed" });
    await next.call("endpoints.update", {
      id,
      settings: { kind: "registry", host, connections: 12, bandwidth: 50_000, insecureSkipVerify: false },
    });
    await next.call("repositories.list", { endpointId: id, refresh: true });
    expect(await next.call("hosts.list", {})).toMatchObject({ hosts: [{ ...byHand, most: 5 }] });
    // The last word counts: limits that are changed in the settings hold from then on.
    await next.call("endpoints.update", { id, settings: { kind: "registry", host, connections: 9 } });
    await next.call("repositories.list", { endpointId: id, refresh: true });
    expect(await next.call("hosts.list", {})).toMatchObject({
      hosts: [{ host, most: 9, adaptive: true, bandwidth: null }],
    });
    expect(await second.metrics()).toContain("freightliner_runs_active 0");
    await second.close();
  });
});
