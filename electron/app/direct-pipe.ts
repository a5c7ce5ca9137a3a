// The direct transport: two ends of a pipe in one process, for the command line and tests. Frames are copied like on a wire.
import type { ClientFrame, FramePipe, HostFrame } from "../../shared/wire.ts";

class End<Out> implements FramePipe<Out> {
  #deliver: (frame: unknown) => void = () => {};
  #onFrame: (frame: unknown) => void = () => {};
  #onClose: () => void = () => {};
  #other: { close(): void } | undefined;
  #closed = false;

  send(frame: Out): void {
    if (this.#closed) return;
    const copy: unknown = structuredClone(frame);
    queueMicrotask(() => this.#deliver(copy));
  }
  onFrame(listener: (frame: unknown) => void): void {
    this.#onFrame = listener;
  }
  onClose(listener: () => void): void {
    this.#onClose = listener;
  }
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    this.#other?.close();
  }
  receive(frame: unknown): void {
    if (!this.#closed) this.#onFrame(frame);
  }
  join(other: { receive(frame: unknown): void; close(): void }): void {
    this.#other = other;
    this.#deliver = (frame) => other.receive(frame);
  }
}

/** Two joined ends: what one sends, the other receives, in order and never in the same turn. */
export function directPipe(): {
  readonly client: FramePipe<ClientFrame>;
  readonly host: FramePipe<HostFrame>;
} {
  const client = new End<ClientFrame>();
  const host = new End<HostFrame>();
  client.join(host);
  host.join(client);
  return { client, host };
}
