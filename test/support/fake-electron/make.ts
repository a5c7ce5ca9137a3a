// A folder that electron-builder takes for Electron's Linux distribution: no browser in it, but a binary with fuses.
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** https://github.com/electron/fuses: a sentinel, the version and length of the wire, one character per fuse. */
const sentinel = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";
const wire = "101100011";

export async function makeFakeElectron(folder: string): Promise<void> {
  const { version } = JSON.parse(await readFile("node_modules/electron/package.json", "utf8")) as {
    version: string;
  };
  await mkdir(join(folder, "resources"), { recursive: true });
  await mkdir(join(folder, "locales"));
  await writeFile(join(folder, "locales", "en-US.pak"), "");
  await writeFile(join(folder, "version"), version);
  const fuses = Buffer.concat([Buffer.from(sentinel), Buffer.from([1, wire.length]), Buffer.from(wire)]);
  const program = Buffer.from("#!/bin/sh\necho 'this is not Electron' >&2\nexit 1\n");
  await writeFile(join(folder, "electron"), Buffer.concat([program, fuses]));
  await chmod(join(folder, "electron"), 0o755);
}
