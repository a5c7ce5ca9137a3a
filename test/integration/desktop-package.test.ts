// Packs the desktop program with a fake Electron distribution: what is in the archive, which fuses, and whether it boots.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { extractAll, listPackage } from "@electron/asar";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildBundles } from "../support/build.ts";
import { makeFakeElectron } from "../support/fake-electron/make.ts";

const execute = promisify(execFile);
/** A child that hangs fails with what it said so far. */
const run = (file: string, args: readonly string[]) => execute(file, args, { timeout: 60_000 });
const listFile = "test/support/asar-files.txt";
let folder: string;
let packed: string;

beforeAll(async () => {
  await buildBundles("client", "main", "preload");
  folder = await mkdtemp(join(tmpdir(), "fl-package-"));
  await makeFakeElectron(join(folder, "electron"));
  await run(process.execPath, [
    "node_modules/electron-builder/cli.js",
    "--linux",
    "dir",
    `-c.electronDist=${join(folder, "electron")}`,
    `-c.directories.output=${join(folder, "release")}`,
    "--publish",
    "never",
  ]);
  packed = join(
    folder,
    "release",
    process.arch === "x64" ? "linux-unpacked" : `linux-${process.arch}-unpacked`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Names with a content hash change with every build. */
function stable(name: string): string {
  return name.replace(/-[\w-]{8}\.(js|css|woff2|svg|png)$/, "-HASH.$1").replaceAll("\\", "/");
}

describe("the package", () => {
  it("holds the files of the committed list and no others", async () => {
    const listed = listPackage(join(packed, "resources", "app.asar"), { isPack: false });
    const names = [...new Set(listed.map(stable))].sort();
    if (process.env.UPDATE_ASAR_LIST === "1") await writeFile(listFile, `${names.join("\n")}\n`);
    const expected = (await readFile(listFile, "utf8")).trim().split("\n");
    expect(names).toEqual(expected);
  });

  it("has its fuses set", async () => {
    const { stdout } = await run(process.execPath, [
      "node_modules/@electron/fuses/dist/bin.js",
      "read",
      "--app",
      join(packed, "freightliner"),
    ]);
    const fuses = Object.fromEntries(
      [...stdout.matchAll(/(\w+) is (Enabled|Disabled)/g)].map(([, name, state]) => [name, state]),
    );
    expect(fuses).toMatchObject({
      RunAsNode: "Disabled",
      EnableCookieEncryption: "Enabled",
      EnableNodeOptionsEnvironmentVariable: "Disabled",
      EnableNodeCliInspectArguments: "Disabled",
      EnableEmbeddedAsarIntegrityValidation: "Enabled",
      OnlyLoadAppFromAsar: "Enabled",
      LoadBrowserProcessSpecificV8Snapshot: "Disabled",
      GrantFileProtocolExtraPrivileges: "Disabled",
    });
  });

  it("boots from what was packed, with the addon beside the archive", async () => {
    const resources = join(packed, "resources");
    expect((await stat(join(resources, "native", "better_sqlite3.node"))).size).toBeGreaterThan(1_000_000);
    const unpacked = join(folder, "app");
    extractAll(join(resources, "app.asar"), unpacked);
    const main = join(unpacked, "dist", "main", "main.js");
    const args = [
      "test/support/electron-stand-in/observe.ts",
      main,
      join(folder, "home"),
      "--packaged",
      resources,
    ];
    const { stdout } = await run(process.execPath, args);
    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({
      hello: { t: "result", value: { face: "desktop" } },
      status: 200,
      preload: join(unpacked, "dist", "preload", "preload.cjs"),
      devTools: false,
    });
  });
});
