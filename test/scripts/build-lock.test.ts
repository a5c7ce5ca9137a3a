// The build lock with real processes: one at a time, and what a dead one left is taken over.
import { execFile, spawn } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { testFolder } from "../support/test-folder.ts";

const run = promisify(execFile);

/** A checkout of nothing but the scripts. */
async function checkout(): Promise<string> {
  const root = await testFolder("scripts");
  await cp("scripts", join(root, "scripts"), { recursive: true });
  return root;
}

const worker = `
  import { appendFileSync } from "node:fs";
  import { setTimeout as sleep } from "node:timers/promises";
  const { whileLocked } = await import(process.argv[1] + "/scripts/build-lock.mjs");
  await whileLocked(async () => {
    appendFileSync(process.argv[1] + "/trace", "in ");
    await sleep(60);
    appendFileSync(process.argv[1] + "/trace", "out ");
  });
`;

describe("whileLocked", () => {
  it("lets one in at a time", async () => {
    const root = await checkout();
    const one = (): Promise<unknown> =>
      run(process.execPath, ["--input-type=module", "-e", worker, root], { timeout: 20_000 });
    await Promise.all([one(), one(), one()]);
    expect((await readFile(join(root, "trace"), "utf8")).trim()).toBe("in out in out in out");
  });

  it("takes over from a process that died", async () => {
    const root = await checkout();
    const dead = spawn(process.execPath, ["-e", ""]);
    await new Promise((resolve) => dead.on("exit", resolve));
    const folder = join(root, "node_modules", ".cache", "freightliner");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "build.lock"), String(dead.pid));
    await run(process.execPath, ["--input-type=module", "-e", worker, root], { timeout: 10_000 });
    expect(await readFile(join(root, "trace"), "utf8")).toBe("in out ");
  });
});

describe("staleTargets", () => {
  const ask = `
    const { staleTargets, sourceHash, writeStamp } = await import(process.argv[1] + "/scripts/build-stamp.mjs");
    if (process.argv[2] === "stamp") for (const name of ["cli", "client"]) writeStamp(name, sourceHash(name));
    console.log(JSON.stringify(staleTargets(["cli", "client"])));
  `;
  it("knows by content which bundle is out of date", async () => {
    const root = await checkout();
    const stale = async (...args: string[]): Promise<unknown> => {
      const { stdout } = await run(process.execPath, ["--input-type=module", "-e", ask, root, ...args]);
      return JSON.parse(stdout);
    };
    for (const folder of ["electron", "renderer", "shared", "dist/cli", "dist/renderer"]) {
      await mkdir(join(root, folder), { recursive: true });
    }
    await writeFile(join(root, "electron", "a.ts"), "1");
    await writeFile(join(root, "shared", "s.ts"), "1");
    expect(await stale()).toEqual(["cli", "client"]);
    await writeFile(join(root, "dist", "cli", "cli.js"), "");
    await writeFile(join(root, "dist", "renderer", "index.html"), "");
    expect(await stale("stamp")).toEqual([]);
    await writeFile(join(root, "electron", "a.ts"), "2");
    expect(await stale()).toEqual(["cli"]);
    await writeFile(join(root, "electron", "a.ts"), "1");
    expect(await stale()).toEqual([]);
    await writeFile(join(root, "shared", "s.ts"), "2");
    expect(await stale()).toEqual(["cli", "client"]);
    await writeFile(join(root, "dist", ".stamp"), "{torn");
    expect(await stale()).toEqual(["cli", "client"]);
  });
});
