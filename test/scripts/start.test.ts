// `npm start` in an installation of stand-ins: which of the three it does, and that it says why.
import { execFile } from "node:child_process";
import { chmod, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { testFolder } from "../support/test-folder.ts";

const run = promisify(execFile);
const onLinux = process.platform === "linux";

/** Scripts, a web host that prints its arguments, an electron package with the given installer; nothing to build. */
async function installation(install: string): Promise<string> {
  const root = await testFolder("start");
  await cp("scripts", join(root, "scripts"), { recursive: true });
  await mkdir(join(root, "dist", "web"), { recursive: true });
  await writeFile(
    join(root, "dist", "web", "web.js"),
    'console.log("host " + process.argv.slice(2).join(" "))',
  );
  const electron = join(root, "node_modules", "electron");
  await mkdir(join(electron, "dist"), { recursive: true });
  await mkdir(join(root, "node_modules", ".cache", "freightliner"), { recursive: true });
  await writeFile(join(electron, "package.json"), '{ "version": "45.0.0" }');
  await writeFile(
    join(electron, "install.js"),
    `require("fs").appendFileSync(__dirname + "/tries", "x");\n${install}`,
  );
  return root;
}

async function placeElectron(root: string, body: string): Promise<void> {
  const folder = join(root, "node_modules", "electron");
  await writeFile(join(folder, "dist", "electron"), `#!/bin/sh\n${body}\n`);
  await chmod(join(folder, "dist", "electron"), 0o755);
  await writeFile(join(folder, "path.txt"), "electron");
}

async function start(
  root: string,
  display: string,
  ...args: string[]
): Promise<{ stdout: string; stderr: string }> {
  const { WAYLAND_DISPLAY: _w, ELECTRON_OVERRIDE_DIST_PATH: _e, ...env } = process.env;
  return run(process.execPath, [join(root, "scripts", "start.mjs"), ...args], {
    env: { ...env, DISPLAY: display },
    timeout: 30_000,
  });
}

const never = "process.exit(9)";

describe.runIf(onLinux)("npm start", () => {
  it("opens Electron where its binary is there", async () => {
    const root = await installation(never);
    await placeElectron(root, 'echo "electron $*"');
    const { stdout, stderr } = await start(root, ":1", "--home", "/data");
    expect(stdout).toMatch(new RegExp(`^electron (--no-sandbox )?${root} --home /data\n$`));
    expect(stderr).toContain("Opening Freightliner in Electron.");
  });

  it("fetches a missing binary once, then opens Electron", async () => {
    const root = await installation(`
      const fs = require("fs");
      fs.writeFileSync(__dirname + "/dist/electron", "#!/bin/sh\\necho fetched");
      fs.chmodSync(__dirname + "/dist/electron", 0o755);
      fs.writeFileSync(__dirname + "/path.txt", "electron");
    `);
    const { stdout, stderr } = await start(root, ":1");
    expect(stderr).toContain("Fetching Electron 45.0.0 once");
    expect(stdout).toBe("fetched\n");
  });

  it("opens the web host's window where the binary cannot be had, and does not try again that day", async () => {
    const root = await installation(
      'console.error("Error: getaddrinfo ENOTFOUND host.test"); process.exit(1)',
    );
    const first = await start(root, ":1", "--port", "1");
    expect(first.stdout).toBe("host --open --quit-with-window --port 1\n");
    expect(first.stderr).toContain("could not be fetched (getaddrinfo ENOTFOUND host.test)");
    const second = await start(root, ":1");
    expect(second.stderr).toContain("could not be fetched today");
    expect(await readFile(join(root, "node_modules", "electron", "tries"), "utf8")).toBe("x");
    const file = join(root, "node_modules", ".cache", "freightliner", "electron-fetch.json");
    const failure = JSON.parse(await readFile(file, "utf8")) as { at: number };
    await writeFile(file, JSON.stringify({ ...failure, at: failure.at - 25 * 3_600_000 }));
    await start(root, ":1");
    expect(await readFile(join(root, "node_modules", "electron", "tries"), "utf8")).toBe("xx");
  });

  it("falls back where Electron ends at once", async () => {
    const root = await installation(never);
    await placeElectron(root, "exit 127");
    const { stdout, stderr } = await start(root, ":1");
    expect(stderr).toContain("it ended at once with code 127");
    expect(stdout).toBe("host --open --quit-with-window\n");
  });

  it("prints the address where there is no display, or no window is wanted", async () => {
    const root = await installation(never);
    const headless = await start(root, "");
    expect(headless.stdout).toBe("host \n");
    expect(headless.stderr).toContain("there is no display");
    const asked = await start(root, ":1", "--no-window", "--home", "/d");
    expect(asked.stdout).toBe("host --home /d\n");
    const web = await start(root, ":1", "--web");
    expect(web.stdout).toBe("host --open --quit-with-window\n");
  });
});
