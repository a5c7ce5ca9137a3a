// `serve` from start to end, over the real app, with a script in the browser's place.
import { EventEmitter } from "node:events";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { readConfig } from "../../electron/app/config.ts";
import { runWebHost } from "../../electron/web/run-web-host.ts";
import { testFolder } from "../support/test-folder.ts";
import { ask, openSocket, rendererFolder, signInAt, socketOf } from "../support/web-host.ts";

const running: { readonly stop: AbortController; readonly done: Promise<void> }[] = [];
afterEach(async () => {
  for (const { stop } of running) stop.abort();
  await Promise.allSettled(running.splice(0).map(({ done }) => done));
});

async function start(given: {
  browser?: string;
  open: "window" | "none";
  leaveWithWindow?: boolean;
  port?: number;
  faults?: EventEmitter;
}) {
  const [home, renderer] = [await testFolder("serve"), await rendererFolder()];
  onTestFinished(renderer.remove);
  const stop = new AbortController();
  const printed: string[] = [];
  const done = runWebHost({
    config: { ...readConfig({ home }, {}), browser: given.browser },
    port: given.port ?? 0,
    open: given.open,
    leaveWithWindow: given.leaveWithWindow ?? false,
    print: (line) => printed.push(line),
    stop: stop.signal,
    ...(given.faults === undefined ? {} : { faults: given.faults }),
    rendererFolder: renderer.path,
    leaveRules: { lookMs: 5, graceMs: 20, handOverMs: 50 },
  });
  running.push({ stop, done });
  const address = async (): Promise<URL> => {
    await vi.waitFor(() => expect(printed.join("\n")).toContain("http://127.0.0.1:"));
    return new URL(/http:\/\/\S+/.exec(printed.join("\n"))?.[0] ?? "");
  };
  return { home, stop, printed, done, address };
}

async function fakeBrowser(body: string): Promise<string> {
  const file = join(await testFolder("browser"), "browser.sh");
  await writeFile(file, `#!/bin/sh\n${body}\n`);
  await chmod(file, 0o755);
  return file;
}

describe("runWebHost", () => {
  it("prints an address that signs in to the real engine, and stops in order", async () => {
    const { address, stop, done, printed } = await start({ open: "none" });
    const url = await address();
    const port = Number(url.port);
    const entry = await signInAt(port, url.hash.slice("#t=".length));
    const socket = await openSocket(port, socketOf(port, entry));
    if (typeof socket === "number") throw new Error(`refused with ${socket}`);
    const hello = new Promise<string>((resolve) => socket.on("message", (data) => resolve(String(data))));
    socket.send(JSON.stringify({ t: "call", id: 1, method: "app.hello", params: {} }));
    expect(JSON.parse(await hello)).toMatchObject({ t: "result", id: 1, value: { face: "web" } });
    expect((await ask(port, { path: "/ready" })).json()).toMatchObject({ ready: true });
    const closed = new Promise<number>((resolve) => socket.on("close", resolve));
    stop.abort();
    await done;
    expect(await closed).toBe(1001);
    expect(printed.at(-1)).toBe("Stopping…");
    await expect(ask(port)).rejects.toThrow("ECONNREFUSED");
  });

  it("opens a window and leaves with it", async () => {
    const browser = await fakeBrowser('echo "$@" > "$0.args"');
    const { done, printed } = await start({ browser, open: "window", leaveWithWindow: true });
    await done;
    expect(printed).toEqual([`Opened Freightliner in a window of ${browser}.`, "Stopping…"]);
    expect(await readFile(`${browser}.args`, "utf8")).toMatch(
      /--app=http:\/\/fl-[0-9a-f]{16}\.localhost:\d+\/#t=[\w-]{43}/,
    );
  });

  it("stays when the window is closed, where that was not asked; and closes the window when it stops", async () => {
    const short = await start({ browser: await fakeBrowser("exit 0"), open: "window" });
    await vi.waitFor(() => expect(short.printed).toHaveLength(1));
    expect(
      await Promise.race([short.done, new Promise((resolve) => setTimeout(resolve, 200, "stays"))]),
    ).toBe("stays");
    short.stop.abort();
    await short.done;
    const browser = await fakeBrowser(
      'trap "echo closed > $0.closed; exit" INT; touch "$0.started"; sleep 60 & wait',
    );
    const long = await start({ browser, open: "window" });
    await vi.waitFor(() => readFile(`${browser}.started`), 5_000);
    long.stop.abort();
    await long.done;
    expect(await readFile(`${browser}.closed`, "utf8")).toBe("closed\n");
  });

  it("prints the address where the browser fails", async () => {
    const { address, printed } = await start({
      browser: await fakeBrowser("exit 3"),
      open: "window",
      leaveWithWindow: true,
    });
    const url = await address();
    expect(printed).toContain("The browser did not open a window (code 3).");
    expect((await ask(Number(url.port), { path: "/health" })).status).toBe(200);
  });

  it("R001 goes on at a forgotten promise; stops in order at an error that nobody caught, and logs both", async () => {
    const faults = new EventEmitter();
    const { home, address, done, printed } = await start({ open: "none", faults });
    const port = Number((await address()).port);
    faults.emit("unhandledRejection", new Error("a promise fell"));
    expect((await ask(port, { path: "/ready" })).json()).toMatchObject({ ready: true });
    faults.emit("uncaughtException", new Error("a listener broke"));
    await expect(done).rejects.toThrow(/^Freightliner met an error of its own and stopped; .*web\.log\.$/);
    expect(printed.at(-1)).toBe("Stopping…");
    await expect(ask(port)).rejects.toThrow("ECONNREFUSED");
    const log = await readFile(join(home, "logs", "web.log"), "utf8");
    expect(log).toContain("a promise fell");
    expect(log).toContain("a listener broke");
    expect(faults.eventNames()).toEqual([]);
  });

  it("says which port is taken, and leaves nothing open", async () => {
    const first = await start({ open: "none" });
    const port = Number((await first.address()).port);
    const second = await start({ open: "none", port });
    await expect(second.done).rejects.toThrow(`Port ${port}`);
  });
});
