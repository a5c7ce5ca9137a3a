// Runs one copy in the built web host, over its WebSocket like a window does, and reads the event loop's delay from /metrics.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { ContractClient } from "../shared/client.ts";
import type { Run } from "../shared/run.ts";
import type { ClientFrame, FramePipe } from "../shared/wire.ts";
import { endChild, startChild } from "../test/support/child.ts";
import { tempFolder } from "../test/support/temp.ts";

export interface HostDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly seconds: number;
}

export interface DelayInput {
  readonly source: { readonly host: string };
  readonly destination: { readonly host: string };
  readonly repository: string;
  readonly tag: string;
}

export async function hostDelay(input: DelayInput): Promise<HostDelay> {
  await using home = await tempFolder("bench-host");
  const child = startChild(process.execPath, [
    join(import.meta.dirname, "../dist/web/web.js"),
    "--home",
    home.path,
  ]);
  try {
    const url = new URL(await printedUrl(child));
    const client = new ContractClient(await signIn(url));
    const add = async (host: string): Promise<string> =>
      (await client.call("endpoints.add", { settings: { kind: "registry", host, plainHttp: "always" } })).id;
    const sourceId = await add(input.source.host);
    const destinationId = await add(input.destination.host);
    const selection = [{ kind: "image" as const, repository: input.repository, reference: input.tag }];
    const planned = await client.call("runs.plan", { sourceId, destinationId, selection });
    await until(client, planned.id, "planned");
    await fetch(`${url.origin}/metrics`); // starts a new measurement
    const started = performance.now();
    await client.call("runs.start", { runId: planned.id });
    await until(client, planned.id, "succeeded");
    const seconds = (performance.now() - started) / 1000;
    const text = await (await fetch(`${url.origin}/metrics`)).text();
    client.close();
    const quantile = (name: string): number =>
      1000 * Number(new RegExp(`event_loop_delay_seconds\\{quantile="${name}"\\} (\\S+)`).exec(text)?.[1]);
    return { p50Ms: quantile("0.5"), p99Ms: quantile("0.99"), seconds };
  } finally {
    await endChild(child);
  }
}

async function until(client: ContractClient, runId: string, state: Run["state"]): Promise<void> {
  for (;;) {
    const run = await client.call("runs.get", { runId });
    if (run.state === state) return;
    if (run.state === "failed") throw new Error(`The run failed: ${JSON.stringify(run.error)}`);
    await sleep(50);
  }
}

function printedUrl(child: ReturnType<typeof startChild>): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const read = (chunk: Buffer): void => {
      text += chunk.toString("utf8");
      const found = /http:\/\/\S+#t=\S+/.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", () => reject(new Error(`The web host ended: ${text}`)));
  });
}

async function signIn(url: URL): Promise<FramePipe<ClientFrame>> {
  const own = { Origin: url.origin, "Sec-Fetch-Site": "same-origin" };
  const reply = await fetch(`${url.origin}/session`, {
    method: "POST",
    headers: { ...own, "Content-Type": "application/json" },
    body: JSON.stringify({ token: url.hash.slice("#t=".length) }),
  });
  const cookie = reply.headers.get("set-cookie")?.split(";")[0] ?? "";
  const socket = new WebSocket(`${url.origin.replace("http", "ws")}/ws`, {
    headers: { ...own, Cookie: cookie },
  });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  return {
    send: (frame) => socket.send(JSON.stringify(frame)),
    onFrame: (listener) => void socket.on("message", (data) => listener(JSON.parse(String(data)))),
    onClose: (listener) => void socket.on("close", listener),
    close: () => socket.close(),
  };
}
