// Data folders are made with their parents, and a place that takes none is named at once.
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeFolder } from "../../electron/app/data-folder.ts";

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "freightliner-folder-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe("data folders", () => {
  it("are made with their parents, for this user only, and may be there already", () => {
    const path = join(temporary(), "a", "b", "c");
    makeFolder(path);
    makeFolder(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });
  it("name the folder where a file is in the way", () => {
    const file = join(temporary(), "file");
    writeFileSync(file, "");
    expect(() => makeFolder(join(file, "below"))).toThrow(
      `The folder "${join(file, "below")}" cannot be made`,
    );
  });
  it.runIf(process.platform === "linux")(
    "do not wait for ever where a file system knows no new folders",
    () => {
      expect(() => makeFolder("/proc/nope/deeper")).toThrow("cannot be made");
    },
  );
});
