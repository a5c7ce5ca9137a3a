// Uploads in parts of the endpoint in memory: sessions that tell the true offset, or are given up after a break as distribution 2.8 does.
import type { Readable } from "node:stream";
import type { CallOptions, UploadSession } from "../../electron/engine/ports.ts";
import { failure } from "./failure.ts";

/** As a connection would bring them, in bytes. */
const pieceSize = 10_000;

export interface MemorySession {
  readonly id: string;
  readonly pieces: Uint8Array[];
  /** Bytes that are there, and those that were acknowledged. */
  size: number;
  acknowledged: number;
}

export interface MemoryUploadParts {
  readonly session: MemorySession;
  readonly leastPart: number;
  /** Called for every piece, with the bytes of this part before it; throwing breaks the part off. */
  readonly received: (bytes: number, before: number) => void | Promise<void>;
  /** Called before each part and the commit. */
  readonly enter: (operation: string, signal: AbortSignal) => Promise<void>;
  readonly commit: (bytes: Uint8Array) => void;
  readonly forget: () => void;
}

/** Thrown by a part's fault: the answer comes before the part is read, and acknowledges all of it; the rest is lost. */
export class EarlyAnswer extends Error {}

export class MemoryUpload implements UploadSession {
  readonly #parts: MemoryUploadParts;

  constructor(parts: MemoryUploadParts) {
    this.#parts = parts;
  }

  get offset(): number {
    return this.#parts.session.acknowledged;
  }
  get token(): string {
    return `${this.#parts.session.id} ${this.offset}`;
  }
  get leastPart(): number {
    return this.#parts.leastPart;
  }

  async append(part: Readable, size: number, { signal }: CallOptions): Promise<void> {
    const { session, received, enter } = this.#parts;
    const stop = (): void => void part.destroy(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      await enter("patch-blob", signal);
      if (session.size !== session.acknowledged) throw failure("upload-lost", "patch-blob");
      const taken = await this.#take(part, received);
      if (taken !== size) throw failure("size-mismatch", "patch-blob");
      session.acknowledged = session.size;
    } catch (error) {
      if (!(error instanceof EarlyAnswer)) throw error;
      const end = session.acknowledged + size;
      session.pieces.push(new Uint8Array(end - session.size));
      session.size = end;
      session.acknowledged = end;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async #take(part: Readable, received: MemoryUploadParts["received"]): Promise<number> {
    const { session } = this.#parts;
    let taken = 0;
    for await (const chunk of part as AsyncIterable<Uint8Array>)
      for (let at = 0; at < chunk.length; at += pieceSize) {
        const piece = chunk.slice(at, at + pieceSize);
        await received(piece.length, taken);
        session.pieces.push(piece);
        session.size += piece.length;
        taken += piece.length;
      }
    return taken;
  }

  async commit({ signal }: CallOptions): Promise<void> {
    await this.#parts.enter("commit-blob", signal);
    this.#parts.commit(Buffer.concat(this.#parts.session.pieces));
    this.#parts.forget();
  }

  async cancel(): Promise<void> {
    this.#parts.forget();
  }
}
