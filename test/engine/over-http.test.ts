// The engine against registries that hide, lose, refuse and do not answer, through the real client.
import { createHash } from "node:crypto";
import { connect, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../electron/engine/clock.ts";
import { Stopped } from "../../electron/engine/ports.ts";
import { verifyImage } from "../../electron/engine/verify-image.ts";
import type { FaultMatch } from "../support/faults.ts";
import { everything, harness, image } from "./harness.ts";
import { putImage } from "./images.ts";
import { client, fixture, planBetween, runBetween } from "./over-http.ts";

const alice = { kind: "password" as const, username: "alice", password: "wonder" };
const tokens = { kind: "token", user: "alice", password: "wonder" } as const;

function filled(options: Parameters<typeof harness>[0] = {}) {
  const h = harness(options);
  putImage(h.source, {
    repository: "app",
    tag: "v1",
    layers: [
      ["a", 300_000],
      ["b", 20_000],
    ],
  });
  return h;
}

describe("a first push to a registry that hides what is missing", () => {
  it.each([
    ["403", 403, {}],
    [
      "401 in spite of a good sign-in",
      401,
      { "www-authenticate": 'Bearer realm="/token",service="fixture"' },
    ],
  ])("(%s) is planned and run", async (_, status, headers) => {
    const h = filled();
    const registry = await fixture({ auth: { ...tokens, withoutScope: true } });
    const hidden = registry.fault(
      {
        do: "status",
        status,
        code: "DENIED",
        message: "requested access to the resource is denied",
        headers,
      },
      { method: ["HEAD", "GET"], kind: ["manifest", "blob"] },
    );
    const destination = client(registry.host, alice);
    const planned = await planBetween(h, { destination }, everything());
    expect(planned).toMatchObject({ state: "planned", plan: { copy: 1, unreadable: 0 } });
    registry.fault({ do: "run", run: async () => hidden.remove() }, { kind: "uploads", times: 1 });
    const done = await runBetween(h, { destination }, planned);
    expect(done).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 1 } });
  });

  it("is refused where nothing may be overwritten, as a hidden tag could be lost", async () => {
    const h = filled();
    const registry = await fixture();
    registry.fault(
      { do: "status", status: 403, code: "DENIED" },
      { method: ["HEAD", "GET"], kind: "manifest" },
    );
    const destination = client(registry.host);
    const planned = await planBetween(
      h,
      { destination },
      { ...everything(), options: { overwrite: "never" } },
    );
    expect(planned.plan).toMatchObject({ copy: 0, unreadable: 1 });
    expect(h.rows(planned)[0]?.error).toMatchObject({ code: "forbidden", side: "destination" });
  });

  it("fails as forbidden, image by image, where the sign-in does not allow to push", async () => {
    const h = filled();
    const registry = await fixture({ auth: { ...tokens, grantsOnly: ["pull"] } });
    const destination = client(registry.host, alice);
    const planned = await planBetween(h, { destination }, everything());
    expect(planned).toMatchObject({ state: "planned", plan: { copy: 1 } });
    const done = await runBetween(h, { destination }, planned);
    expect(done.state).toBe("failed");
    expect(h.rows(done)[0]?.error).toMatchObject({ code: "forbidden", side: "destination" });
  });
});

describe("an image pinned by sha512", () => {
  it("is there when its bytes are, whatever digest the destination gives them", async () => {
    const h = filled();
    const registry = await fixture();
    const destination = client(registry.host);
    const first = await planBetween(h, { destination }, everything());
    await runBetween(h, { destination }, first);
    const [stored] = [...h.source.repository("app").manifests.values()];
    if (stored === undefined) throw new Error("no manifest");
    const digest = `sha512:${createHash("sha512").update(stored.bytes).digest("hex")}`;
    h.source.repository("app").manifests.set(digest, stored);
    const one = { ...image("app", digest), destinationTag: "v1" } as ReturnType<typeof image>;
    const again = await planBetween(h, { destination }, { selection: [one] });
    expect(again.plan).toMatchObject({ skip: 1, overwrite: 0 });
    const verified = await verifyImage(
      {
        source: h.source,
        sourceRepository: "app",
        sourceReference: digest,
        destination,
        destinationRepository: "app",
        destinationReference: "v1",
        hosts: h.context.hosts,
        clock: h.clock,
      },
      h.never,
    );
    expect(verified).toMatchObject({ equal: true, sourceDigest: digest, manifests: 1, differences: [] });
  });
});

describe("a destination in trouble", () => {
  it("whose answer to an upload got lost is not sent the bytes again", async () => {
    const h = filled();
    const registry = await fixture();
    const destination = client(registry.host);
    const planned = await planBetween(h, { destination }, everything());
    const lost = registry.fault({ do: "lose-reply" }, { method: "PUT", kind: "upload", times: 2 });
    const done = await runBetween(h, { destination }, planned);
    expect(lost.count).toBe(2);
    expect(done).toMatchObject({ state: "succeeded", tallies: { retries: 2 } });
    expect(done.tallies.bytesTransferred).toBe(planned.plan.bytesToTransfer);
    expect(registry.count({ method: "PUT", kind: "upload" })).toBe(planned.plan.blobsToTransfer);
  });

  it.each([507, 500])("that is full (%s) says so, and shows no tag", async (status) => {
    const h = filled();
    const registry = await fixture();
    const destination = client(registry.host);
    const planned = await planBetween(h, { destination }, everything());
    const message = "write /var/lib/registry: no space left on device";
    registry.fault({ do: "status", status, message }, { method: "PUT", kind: "upload" });
    const done = await runBetween(h, { destination }, planned);
    expect(done.state).toBe("failed");
    const error = h.rows(done)[0]?.error;
    expect(error).toMatchObject({
      code: "registry-failure",
      side: "destination",
      operation: "put-blob",
      status,
    });
    expect(error?.message).toContain("no space left on device");
    expect(registry.count({ method: "PUT", kind: "manifest" })).toBe(0);
    await expect(destination.headManifest("app", "v1", { signal: h.never })).resolves.toBeUndefined();
  });

  it("that closes idle connections in the moment of the next request costs no image", async () => {
    const h = harness();
    for (let at = 0; at < 30; at++)
      putImage(h.source, { repository: `app${at}`, tag: "v1", layers: [[`layer ${at}`, 3000]] });
    const registry = await fixture();
    const destination = client(await closingProxy(registry.port));
    const planned = await planBetween(h, { destination }, everything());
    const done = await runBetween(h, { destination }, planned);
    expect(done).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 30, imagesFailed: 0 } });
    expect(done.tallies.retries).toBeGreaterThan(0);
  });

  it("is told of while it lasts, with what is wrong on which side", async () => {
    const h = filled();
    const told: string[] = [];
    const context = {
      ...h.context,
      listener: {
        ...h.context.listener,
        retried: (_: string, error: { side: string; code: string; operation: string }) =>
          told.push(`${error.side} ${error.code} ${error.operation}`),
      },
    };
    const registry = await fixture();
    const destination = client(registry.host);
    const ends = { destination };
    const planned = await planBetween({ ...h, context }, ends, everything());
    registry.fault({ do: "status", status: 503 }, { method: "PUT", kind: "manifest", times: 2 });
    const done = await runBetween({ ...h, context }, ends, planned);
    expect(done).toMatchObject({ state: "succeeded", tallies: { retries: 2 } });
    expect(told).toEqual(Array(2).fill("destination registry-failure put-manifest"));
  });
});

describe("a stop while a registry never answers", () => {
  const phases: readonly (readonly [string, FaultMatch])[] = [
    ["the ping", { kind: "base" }],
    ["the token", { path: /^\/token/ }],
    ["HEAD of a manifest", { method: "HEAD", kind: "manifest" }],
    ["HEAD of a blob", { method: "HEAD", kind: "blob" }],
    ["the start of an upload", { method: "POST", kind: "uploads" }],
    ["an upload", { method: "PUT", kind: "upload" }],
    ["PUT of a manifest", { method: "PUT", kind: "manifest" }],
    ["the read-back", { method: "GET", kind: "manifest" }],
  ];

  it.each(phases)("is over within a second in %s", async (_, match) => {
    const h = filled({ clock: systemClock });
    const registry = await fixture({ auth: tokens });
    const planned = await planBetween(h, { destination: client(registry.host, alice) }, everything());
    expect(planned.state).toBe("planned");
    h.forgetPlans();
    const silent = registry.fault({ do: "never-answer" }, match);
    const controller = new AbortController();
    // A client of its own, which has no token yet.
    const running = runBetween(h, { destination: client(registry.host, alice) }, planned, controller.signal);
    await expect.poll(() => silent.count, { interval: 5, timeout: 5000 }).toBeGreaterThan(0);
    const before = performance.now();
    controller.abort(new Stopped("user-cancel"));
    expect(await running).toMatchObject({ state: "cancelled", stateReason: "user" });
    expect(performance.now() - before).toBeLessThan(1000);
    expect(h.rows(planned).filter((row) => row.state === "running" || row.state === "failed")).toEqual([]);
  });

  it.each([
    ["tags", { names: ["app"] }],
    ["catalog", { include: ["none"] }],
  ] as ["tags" | "catalog", { names?: string[]; include?: string[] }][])(
    "is over within a second in a later page of %s",
    async (kind, repositories) => {
      const h = harness({ clock: systemClock });
      const registry = await fixture();
      const names = Array.from({ length: 1500 }, (_, at) => `n${String(at).padStart(4, "0")}`);
      const silent = registry.fault({ do: "never-answer" }, { kind, path: /last=/ });
      registry.fault({ do: "list", names }, { kind });
      const controller = new AbortController();
      const selection = [{ kind: "repositories" as const, ...repositories, tags: { include: ["none"] } }];
      const source = client(registry.host);
      const planning = planBetween(h, { source }, { selection }, controller.signal).catch(
        (error: unknown) => error,
      );
      await expect.poll(() => silent.count, { interval: 5, timeout: 5000 }).toBeGreaterThan(0);
      const before = performance.now();
      const reason = new Stopped("user-cancel");
      controller.abort(reason);
      expect(await planning).toBe(reason);
      expect(performance.now() - before).toBeLessThan(1000);
    },
  );
});

describe("a listing", () => {
  it("whose later page fails for a moment is read on, and nothing is missed or counted twice", async () => {
    const h = harness();
    const registry = await fixture();
    const names = Array.from({ length: 2500 }, (_, at) => `v${String(at).padStart(4, "0")}`);
    registry.fault({ do: "status", status: 503 }, { kind: "tags", after: 1, times: 2 });
    registry.fault({ do: "list", names }, { kind: "tags" });
    const tags = { include: ["v000*", "v249*"] };
    const selection = [{ kind: "repositories" as const, names: ["app"], tags }];
    const planned = await planBetween(h, { source: client(registry.host) }, { selection });
    expect(h.rows(planned).map((row) => row.sourceReference)).toEqual([
      ...names.slice(0, 10),
      ...names.slice(2490),
    ]);
  });

  it("that stays broken on a later page ends after some tries", async () => {
    const h = harness({ patience: { breaker: { outage: 60_000 } } });
    const registry = await fixture();
    const names = Array.from({ length: 1500 }, (_, at) => `v${String(at).padStart(4, "0")}`);
    const broken = registry.fault({ do: "status", status: 503 }, { kind: "tags", path: /last=/ });
    registry.fault({ do: "list", names }, { kind: "tags" });
    const selection = [{ kind: "repositories" as const, names: ["app"], tags: { include: ["none"] } }];
    const planned = await planBetween(h, { source: client(registry.host) }, { selection });
    // Five failures open the host's breaker; what it asks after that uses no tries up, and ends with the outage that is allowed.
    expect(broken.count).toBeGreaterThan(5);
    expect(broken.count).toBeLessThan(13);
    expect(h.rows(planned).map((row) => row.error?.code)).toEqual(["registry-failure"]);
  });
});

/** Passes bytes on, and meets some requests with a reset (fewer than one request is tried), as a server does that has just grown tired of the connection. */
async function closingProxy(port: number): Promise<string> {
  let requests = 0;
  let resets = 0;
  const server = createServer((socket) => {
    const upstream = connect(port, "127.0.0.1");
    for (const end of [socket, upstream]) end.on("error", () => undefined);
    socket.on("data", (chunk) => {
      if (
        /^(HEAD|GET|POST|PUT) /.test(chunk.toString("latin1", 0, 8)) &&
        ++requests % 5 === 0 &&
        resets++ < 7
      ) {
        socket.resetAndDestroy();
        upstream.destroy();
      } else upstream.write(chunk);
    });
    upstream.on("data", (chunk) => socket.write(chunk));
    upstream.on("close", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `127.0.0.1:${address.port}`;
}
