// The real built main bundle under Node, with the stand-in in Electron's place.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { buildBundles } from "../support/build.ts";
import { testFolder } from "../support/test-folder.ts";

const execute = promisify(execFile);
/** A child that hangs fails with what it said so far. */
const run = (file: string, args: readonly string[]) => execute(file, args, { timeout: 60_000 });

beforeAll(() => buildBundles("client", "main", "preload"));

describe("dist/main/main.js", () => {
  it("boots, shows the built page, answers hello over IPC from the database, quits in order", async () => {
    const home = await testFolder("boot");
    const { stdout } = await run(process.execPath, [
      "test/support/electron-stand-in/observe.ts",
      resolve("dist/main/main.js"),
      home,
    ]);
    const seen = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
    expect(seen).toMatchObject({
      hello: { t: "result", id: 1, value: { face: "desktop" } },
      status: 200,
      permissions: { request: false, check: false, device: false },
      preload: resolve("dist/preload/preload.cjs"),
      sandbox: true,
      contextIsolation: true,
      devTools: true,
      menu: true,
    });
    expect(String(seen.policy)).toContain("default-src 'none'");
  });
});

describe("the built page in Chromium over the built main and preload", () => {
  it("greets the engine over IPC, again after a reload, and breaks no rule of the content policy", async () => {
    const home = await testFolder("look");
    const args = [
      "test/support/electron-stand-in/look.ts",
      resolve("dist/main/main.js"),
      home,
      join(home, "window.png"),
    ];
    const { stdout } = await run(process.execPath, args);
    const seen = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
    expect(seen).toMatchObject({
      answered: { t: "result", value: { face: "desktop" } },
      answeredAgain: { t: "result", value: { face: "desktop" } },
      exposed: ["send", "onFrame", "pathForFile"],
      complaints: [],
    });
    expect(seen.text).not.toBe("");
  });
});

describe("dist/preload/preload.cjs", () => {
  it("is one CommonJS file that requires nothing but electron", async () => {
    const text = await readFile("dist/preload/preload.cjs", "utf8");
    const required = [...text.matchAll(/\brequire\(([^)]*)\)/g)].map((match) => match[1]);
    expect(required.length).toBeGreaterThan(0);
    expect(new Set(required)).toEqual(new Set(['"electron"']));
    expect(text).not.toMatch(/^\s*(import|export)\s/m);
  });
});
