// The check in the stream: any flip, cut or extension, at any chunking, fails before the last bytes are let through.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestOf, readVerified, VerifiedBody } from "../../electron/engine/verify.ts";
import type { Descriptor } from "../../shared/descriptor.ts";
import { parseDigest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { bytesOf } from "./images.ts";
import { chunked, sha256 } from "./memory-endpoint.ts";

const what = "registry.test/app";

function descriptor(bytes: Uint8Array, digest = sha256(bytes)): Descriptor {
  return { mediaType: "application/octet-stream", digest, size: bytes.length };
}

function inPieces(bytes: Uint8Array, sizes: readonly number[]): Readable {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  if (at < bytes.length) pieces.push(bytes.subarray(at));
  return Readable.from(slowlyEnded(pieces), { objectMode: true });
}

/** The end comes late, so that a reader has time to take all that is let through before it. */
async function* slowlyEnded(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function receive(source: Readable, blob: Descriptor) {
  const body = new VerifiedBody(source, blob, { what });
  const parts: Uint8Array[] = [];
  try {
    for await (const part of body) parts.push(part);
    return { bytes: Buffer.concat(parts), error: undefined, body };
  } catch (error) {
    return { bytes: Buffer.concat(parts), error, body };
  }
}

const chunking = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 });

describe("verified body", () => {
  it("lets what is right through unchanged, at any chunking", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), chunking, async (bytes, sizes) => {
        const { bytes: got, error } = await receive(inPieces(bytes, sizes), descriptor(bytes));
        expect(error).toBeUndefined();
        expect(got.equals(bytes)).toBe(true);
      }),
    );
  });

  const damage = fc.oneof(
    fc.record({ kind: fc.constant("flip" as const), at: fc.nat(), bit: fc.integer({ min: 0, max: 7 }) }),
    fc.record({ kind: fc.constant("cut" as const), at: fc.nat(), bit: fc.constant(0) }),
    fc.record({ kind: fc.constant("extend" as const), at: fc.nat({ max: 50 }), bit: fc.constant(0) }),
  );

  it("never gives all bytes of a wrong body, and fails", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        chunking,
        damage,
        async (bytes, sizes, { kind, at, bit }) => {
          let wrong = Uint8Array.from(bytes);
          if (kind === "flip") wrong[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit);
          if (kind === "cut") wrong = wrong.slice(0, at % bytes.length);
          if (kind === "extend") wrong = Uint8Array.from([...bytes, ...new Uint8Array(at + 1)]);
          const { bytes: got, error, body } = await receive(inPieces(wrong, sizes), descriptor(bytes));
          expect(error).toMatchObject({ code: kind === "flip" ? "digest-mismatch" : "size-mismatch" });
          expect(body.failure).toBe(error);
          expect(got.length).toBeLessThan(bytes.length);
        },
      ),
    );
  });

  it("says source, what was expected and what was found", async () => {
    const bytes = bytesOf("x", 1000);
    const blob = descriptor(bytes);
    const flipped = Uint8Array.from(bytes);
    flipped[999] = (flipped[999] ?? 0) ^ 1;
    const { error: digest } = await receive(chunked(flipped, 100), blob);
    expect(digest).toBeInstanceOf(FreightlinerError);
    expect((digest as Error).message).toContain(what);
    expect((digest as Error).message).toContain(blob.digest);
    expect((digest as Error).message).toContain(sha256(flipped));
    const { error: short } = await receive(chunked(bytes.subarray(0, 900), 100), blob);
    expect((short as Error).message).toContain("900 bytes where 1000 were expected");
    const { error: long } = await receive(chunked(Buffer.concat([bytes, bytes]), 100), blob);
    expect((long as Error).message).toContain("more than the 1000 bytes expected");
  });

  it("stops reading at the first byte too many", async () => {
    const blob = descriptor(bytesOf("y", 100));
    let served = 0;
    const endless = new Readable({
      highWaterMark: 1,
      read() {
        served += 100;
        this.push(new Uint8Array(100));
      },
    });
    const { error } = await receive(endless, blob);
    expect(error).toMatchObject({ code: "size-mismatch" });
    await new Promise((resolve) => setImmediate(resolve));
    expect(endless.destroyed).toBe(true);
    expect(served).toBeLessThan(10_000);
  });

  it("knows sha512 and the empty body", async () => {
    const bytes = bytesOf("z", 50);
    const long = parseDigest(`sha512:${createHash("sha512").update(bytes).digest("hex")}`, "test");
    expect((await receive(chunked(bytes, 7), descriptor(bytes, long))).error).toBeUndefined();
    expect(digestOf(bytes, "sha512")).toBe(long);
    const nothing = new Uint8Array(0);
    expect((await receive(chunked(nothing, 7), descriptor(nothing))).error).toBeUndefined();
    const { error } = await receive(chunked(nothing, 7), { ...descriptor(nothing), digest: sha256(bytes) });
    expect(error).toMatchObject({ code: "digest-mismatch" });
  });

  it("keeps an adapter's error and takes any other for a connection that broke", async () => {
    const bytes = bytesOf("b", 100);
    const breaking = (error: Error) =>
      Readable.from(
        (async function* () {
          yield bytes.subarray(0, 50);
          throw error;
        })(),
      );
    const own = new FreightlinerError({ code: "timeout", operation: "read-blob", message: "idle" });
    expect((await receive(breaking(own), descriptor(bytes))).body.failure).toBe(own);
    const { body } = await receive(breaking(new Error("ECONNRESET")), descriptor(bytes));
    expect(body.failure).toMatchObject({ code: "unreachable", retryable: true });
    await expect(
      readVerified(breaking(new Error("gone")), descriptor(bytes), { what }),
    ).rejects.toMatchObject({
      code: "unreachable",
    });
  });

  it("reads on only when its pace allows, and stops when it is told to", async () => {
    const bytes = bytesOf("p", 2_000_000);
    const source = chunked(bytes, 1000);
    let paced = 0;
    const gate = Promise.withResolvers<void>();
    const pace = (count: number): Promise<void> => {
      paced += count;
      return gate.promise;
    };
    const reading = readVerified(source, descriptor(bytes), { what, pace });
    await expect.poll(() => paced).toBeGreaterThan(0);
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(paced).toBeLessThan(bytes.length / 2);
    expect(source.readableEnded).toBe(false);
    gate.resolve();
    await reading;
    expect(paced).toBe(bytes.length);
    const stopped = readVerified(chunked(bytes, 1000), descriptor(bytes), {
      what,
      pace: () => Promise.reject(new Error("paused")),
    });
    await expect(stopped).rejects.toThrow("paused");
  });

  it("is no failure of the source when the reader gives up, and ends the source", async () => {
    const bytes = bytesOf("c", 1_000_000);
    const source = chunked(bytes, 1000);
    const body = new VerifiedBody(source, descriptor(bytes), { what });
    body.once("error", () => undefined);
    body.destroy(new Error("the destination is full"));
    await new Promise((resolve) => source.once("close", resolve));
    expect(source.destroyed).toBe(true);
    expect(body.failure).toBeUndefined();
  });

  it("fails where the source is closed before its end", async () => {
    const bytes = bytesOf("d", 2_000_000);
    const source = chunked(bytes, 1000);
    const body = new VerifiedBody(source, descriptor(bytes), { what });
    const reading = (async () => {
      for await (const _ of body) source.destroy();
    })();
    await expect(reading).rejects.toThrow();
    expect(body.failure).toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("before its end"),
    });
  });

  it("counts what came, in a chunk of any size", async () => {
    const bytes = bytesOf("huge", 3_000_000);
    const seen: number[] = [];
    const body = new VerifiedBody(Readable.from([bytes], { objectMode: true }), descriptor(bytes), {
      what,
      onBytes: (count) => seen.push(count),
    });
    let got = 0;
    for await (const part of body) got += part.length;
    expect(got).toBe(bytes.length);
    expect(seen).toEqual([bytes.length]);
    expect(body.bytes).toBe(bytes.length);
  });
});
