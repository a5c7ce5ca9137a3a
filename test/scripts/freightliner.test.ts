// The command's wrapper with a script in the program's place: exit code, output, signals, and death of the wrapper.
import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testFolder } from "../support/test-folder.ts";

const program = `
  process.on("SIGTERM", () => { process.stdout.write("SIGTERM\\n"); process.exit(7); });
  process.stdout.write("pid " + process.pid + " " + process.argv.slice(2).join(",") + "\\n");
  if (process.argv[2] === "wait") setInterval(() => {}, 1000);
  else process.exitCode = 5;
`;

/** An installation without sources: nothing is built. `become` is forced, as under an older Node. */
async function installation(): Promise<string> {
  const root = await testFolder("installed");
  await cp("scripts", join(root, "scripts"), { recursive: true });
  await mkdir(join(root, "dist", "cli"), { recursive: true });
  await writeFile(join(root, "dist", "cli", "cli.js"), program);
  const forced = `import { become } from "./node-version.mjs"; await become(process.argv[2], process.argv.slice(3));`;
  await writeFile(join(root, "scripts", "forced.mjs"), forced);
  return root;
}

function start(
  file: string,
  ...args: string[]
): { child: ChildProcess; out: () => string; ended: Promise<unknown[]> } {
  const child = spawn(process.execPath, [file, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout?.on("data", (chunk) => {
    out += String(chunk);
  });
  const ended = new Promise<unknown[]>((resolve) => child.on("close", (...how) => resolve(how)));
  return { child, out: () => out, ended };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("scripts/freightliner.mjs", () => {
  it("runs the program in its own process under a Node that is new enough", async () => {
    const root = await installation();
    const { child, out, ended } = start(join(root, "scripts", "freightliner.mjs"), "ls", "x");
    expect(await ended).toEqual([5, null]);
    expect(out()).toBe(`pid ${child.pid} ls,x\n`);
  });
});

describe("become", () => {
  it("passes arguments, output and the exit code", async () => {
    const root = await installation();
    const { out, ended } = start(
      join(root, "scripts", "forced.mjs"),
      join(root, "dist/cli/cli.js"),
      "a b",
      "c",
    );
    expect(await ended).toEqual([5, null]);
    expect(out()).toMatch(/^pid \d+ a b,c\n$/);
  });

  it("passes signals", async () => {
    const root = await installation();
    const { child, out, ended } = start(
      join(root, "scripts", "forced.mjs"),
      join(root, "dist/cli/cli.js"),
      "wait",
    );
    await expect.poll(out).toMatch(/^pid/);
    child.kill("SIGTERM");
    expect(await ended).toEqual([7, null]);
    expect(out()).toContain("SIGTERM");
  });

  it("takes the program along when it is killed outright", async () => {
    const root = await installation();
    const { child, out } = start(join(root, "scripts", "forced.mjs"), join(root, "dist/cli/cli.js"), "wait");
    await expect.poll(out).toMatch(/^pid/);
    const pid = Number(/pid (\d+)/.exec(out())?.[1]);
    expect(alive(pid)).toBe(true);
    child.kill("SIGKILL");
    await expect.poll(() => alive(pid), { timeout: 5_000 }).toBe(false);
  });
});
