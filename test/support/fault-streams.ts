// Bodies that go wrong on their way: flipped, cut, lengthened, stalled, reset.
import { pipeline, Readable, Transform, type TransformCallback } from "node:stream";
import type { Exchange } from "../../electron/samples/exchange.ts";

function* spaceChunks(bytes: number): Generator<Buffer> {
  const chunk = Buffer.alloc(64 * 1024, 32);
  for (let left = bytes; left > 0; left -= chunk.length)
    yield left < chunk.length ? chunk.subarray(0, left) : chunk;
}
export function spaces(bytes = Number.POSITIVE_INFINITY): Readable {
  return Readable.from(spaceChunks(bytes), { objectMode: false });
}

/** Like pipe, but the end of one is the end of the other; whoever reads the result sees the error. */
export function chain(body: Readable, stream: Transform): Transform {
  return pipeline(body, stream, () => undefined);
}

/** Calls `see` with each chunk and the bytes before it. */
function offsetTransform(
  see: (stream: Transform, chunk: Buffer, offset: number, done: TransformCallback) => void,
): Transform {
  let offset = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done): void {
      const start = offset;
      offset += chunk.length;
      see(this, chunk, start, done);
    },
  });
}

export function flip(at: number): Transform {
  return offsetTransform((_stream, chunk, offset, done) => {
    if (at < offset || at >= offset + chunk.length) return done(null, chunk);
    const changed = Buffer.from(chunk);
    changed[at - offset] = (changed[at - offset] ?? 0) ^ 0xff;
    done(null, changed);
  });
}

export function cutAfter(at: number): Transform {
  return offsetTransform((_stream, chunk, offset, done) =>
    done(null, chunk.subarray(0, Math.max(0, at - offset))),
  );
}

export function append(by: number): Transform {
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, chunk),
    flush: (done) => done(null, Buffer.alloc(by, 120)),
  });
}

export function stallAfter(at: number): Transform {
  return offsetTransform((stream, chunk, offset, done) => {
    if (offset + chunk.length <= at) return done(null, chunk);
    // The callback never comes, so nothing more is read or sent.
    stream.push(chunk.subarray(0, Math.max(0, at - offset)));
  });
}

export function resetAfter(at: number, exchange: Exchange, direction: "upload" | "download"): Transform {
  return offsetTransform((stream, chunk, offset, done) => {
    if (offset + chunk.length < at) return done(null, chunk);
    stream.push(chunk.subarray(0, Math.max(0, at - offset)));
    // What was pushed gets a moment to reach the other end (or the disk) first.
    setTimeout(() => {
      const socket = direction === "upload" ? exchange.request.socket : exchange.response.socket;
      socket?.resetAndDestroy();
      stream.destroy(new Error("reset by a test"));
    }, 30);
  });
}
