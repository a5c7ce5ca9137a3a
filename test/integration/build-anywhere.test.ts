// A checkout in a folder whose name needs care: built there, started from elsewhere and through a link, also where nothing may be written.
import { chmod, chown, cp, mkdir, readdir, rm, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { runCommand } from "../support/child.ts";
import { nodeBinary } from "../support/processes.ts";
import { tempFolder } from "../support/temp.ts";

it("builds and runs in a folder with a space, a percent sign and an umlaut", async () => {
  await using outside = await tempFolder("anywhere");
  const checkout = join(outside.path, "my 100% checköut");
  await mkdir(checkout);
  for (const part of ["package.json", "package-lock.json", "vite.config.ts", "scripts", "electron", "shared"])
    await cp(part, join(checkout, part), { recursive: true });
  await symlink(resolve("node_modules"), join(checkout, "node_modules"));
  const link = join(outside.path, "freightliner");
  await symlink(join(checkout, "scripts", "freightliner.mjs"), link);
  // Where coverage is measured the runner forbids compiled code, and its children inherit that.
  const { NODE_DISABLE_COMPILE_CACHE: _, ...env } = process.env;
  const version = () => runCommand(nodeBinary, [link, "--version"], { cwd: outside.path, env });
  const built = await version();
  expect(built.code, built.stderr).toBe(0);
  expect(built.stderr).toContain("Building cli…");
  const code = join(checkout, "dist", "cli");
  expect(await readdir(join(code, ".compiled"))).toHaveLength(1);
  for (const folder of ["dist", "dist/cli", "scripts", "."]) await chmod(join(checkout, folder), 0o555);
  const again = await version();
  for (const folder of [".", "scripts", "dist/cli", "dist"]) await chmod(join(checkout, folder), 0o755);
  expect({ code: again.code, out: String(again.stdout).trim(), err: again.stderr }).toEqual({
    code: 0,
    out: String(built.stdout).trim(),
    err: "",
  });
  if (process.getuid?.() !== 0) return;
  // Root leaves nothing in the folder of somebody else, who could not remove it.
  await rm(join(code, ".compiled"), { recursive: true });
  await chown(code, 65_534, 65_534);
  expect((await version()).code).toBe(0);
  expect(await readdir(code)).not.toContain(".compiled");
});
