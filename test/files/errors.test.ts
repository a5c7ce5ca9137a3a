// What the file system says, in words.
import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ioError } from "../../electron/files/errors.ts";

function thrownBy(work: () => void): unknown {
  try {
    work();
  } catch (thrown) {
    return thrown;
  }
  throw new Error("it throws nothing");
}

it.runIf(process.platform === "linux")("says of a full disk that it is full", () => {
  const full = thrownBy(() => writeFileSync("/dev/full", "x"));
  expect(ioError("write-file", "/data/x", full)).toMatchObject({
    code: "io",
    message: "/data/x cannot be used (there is no room left for it).",
  });
});

it("names what else the system says by its own name", () => {
  const missing = thrownBy(() => writeFileSync("/no/such/folder/x", "x"));
  expect(ioError("write-file", "/no/such/folder/x", missing).message).toBe(
    "/no/such/folder/x cannot be used (ENOENT).",
  );
});
