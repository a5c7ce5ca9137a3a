// Child processes and the proxy: what they capture, that they end, and that a proxy slows, stalls and cuts.

import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProcess, startProcess } from "./processes.ts";
import { rawRequest } from "./raw-http.ts";
import { type SlowProxy, startSlowProxy } from "./slow-proxy.ts";
import { type TempFolder, tempFolder } from "./temp.ts";

describe("processes", () => {
  let folder: TempFolder;
  beforeAll(async () => {
    folder = await tempFolder();
  });
  afterAll(() => folder.remove());

  async function script(text: string): Promise<string> {
    const file = join(folder.path, `${Math.random()}.mjs`);
    await writeFile(file, text);
    return file;
  }

  it("are captured with their exit code, environment and memory", async () => {
    const source = `
      const held = Buffer.alloc(150_000_000, 1);
      console.log(process.argv[2], process.env.FREIGHTLINER_HOME, process.version, held.length);
      for await (const text of process.stdin) console.error(String(text));
      setTimeout(() => process.exit(7), 150);`;
    const end = await runProcess({
      home: folder.path,
      args: ["one"],
      script: await script(source),
      input: "hello",
    });
    expect(end).toMatchObject({ code: 7, signal: null, stderr: "hello\n" });
    expect(end.stdout).toContain(`one ${folder.path} v24.`);
    expect(end.peakRss).toBeGreaterThan(150_000_000);
    expect(end.peakRss).toBeLessThan(600_000_000);
  });

  it("can be waited for, stopped and killed", async () => {
    const source = `
      process.on("SIGTERM", () => { console.log("bye"); process.exit(0); });
      setInterval(() => undefined, 1000);
      console.log("ready 42");`;
    const file = await script(source);
    const polite = startProcess({ home: folder.path, args: [], script: file });
    expect((await polite.waitFor(/ready (\d+)/))[1]).toBe("42");
    expect(await polite.stop()).toMatchObject({ code: 0, stdout: "ready 42\nbye\n" });
    const killed = startProcess({ home: folder.path, args: [], script: file });
    await killed.waitFor(/ready/);
    await killed.kill9();
    expect(await killed.ended).toMatchObject({ code: null, signal: "SIGKILL" });
    await expect(killed.waitFor(/never/)).rejects.toThrow("the process ended");
  });
});

describe("the slow proxy", () => {
  const body = Buffer.alloc(200_000, 7);
  const server = createServer((_request, response) => response.end(body));
  let proxy: SlowProxy;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    proxy = await startSlowProxy({
      port: typeof address === "object" && address !== null ? address.port : 0,
    });
  });
  afterAll(async () => {
    await proxy.close();
    server.close();
  });

  it("passes everything on and counts it", async () => {
    expect((await rawRequest(proxy, "/")).body.equals(body)).toBe(true);
    expect(proxy.bytesDown).toBeGreaterThan(200_000);
    expect(proxy.bytesUp).toBeGreaterThan(20);
    await expect.poll(() => proxy.connections).toBe(0);
  });

  it("slows", async () => {
    proxy.setSpeed(400_000);
    const began = performance.now();
    expect((await rawRequest(proxy, "/")).body.length).toBe(body.length);
    expect(performance.now() - began).toBeGreaterThan(350);
    proxy.setSpeed(0);
  });

  it("stalls and goes on", async () => {
    const before = proxy.bytesDown;
    proxy.setSpeed(400_000);
    const asked = rawRequest(proxy, "/");
    await proxy.waitForBytes("down", before + 20_000);
    proxy.stall();
    const held = proxy.bytesDown;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(proxy.bytesDown).toBe(held);
    proxy.setSpeed(0);
    proxy.resume();
    expect((await asked).body.equals(body)).toBe(true);
  });

  it("cuts and refuses", async () => {
    const before = proxy.bytesDown;
    proxy.setSpeed(200_000);
    const asked = rawRequest(proxy, "/");
    const failed = expect(asked).rejects.toThrow(/broke off|ECONNRESET|aborted/);
    await proxy.waitForBytes("down", before + 20_000);
    proxy.cut();
    await failed;
    proxy.setSpeed(0);
    proxy.refuse(true);
    await expect(rawRequest(proxy, "/")).rejects.toThrow();
    proxy.refuse(false);
    expect((await rawRequest(proxy, "/")).status).toBe(200);
    await expect(proxy.waitForBytes("up", 1e9, 30)).rejects.toThrow("went up");
  });
});
