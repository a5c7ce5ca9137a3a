// A TCP proxy on loopback that can be slowed, stalled and cut, for journeys that must be caught in mid-run.
import { connect, createServer, type Socket } from "node:net";
import { Transform } from "node:stream";

export interface SlowProxyOptions {
  /** Port on 127.0.0.1 that is behind it. */
  readonly port: number;
  /** Of all connections and both directions together; 0 = as fast as it goes (default). */
  readonly bytesPerSecond?: number;
  /** `http` (default) or `https`, for `url` only. */
  readonly scheme?: "http" | "https";
}

export interface SlowProxy {
  /** `127.0.0.1:PORT`: give this to the client in place of the real host. */
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** Bytes passed so far, from the client and to the client (headers included). */
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Connections open now, and ever. */
  readonly connections: number;
  readonly connectionsEver: number;
  /** 0 = as fast as it goes; takes effect on what is under way. */
  setSpeed(bytesPerSecond: number): void;
  /** Nothing passes until `resume()`; connections stay open. */
  stall(): void;
  resume(): void;
  /** Resets every open connection (ECONNRESET at both ends); new ones are taken. */
  cut(): void;
  /** New connections are reset at once while true. */
  refuse(refused: boolean): void;
  /** Resolves when so many bytes passed in that direction; throws after the timeout (20 s). */
  waitForBytes(direction: "up" | "down", bytes: number, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** The largest piece that is paced at once, in bytes. */
const slice = 8 * 1024;

/** Starts one in front of a server on this machine. */
export async function startSlowProxy(options: SlowProxyOptions): Promise<SlowProxy> {
  const proxy = new TcpProxy(options);
  await proxy.listen();
  return proxy;
}

class TcpProxy implements SlowProxy {
  port = 0;
  bytesUp = 0;
  bytesDown = 0;
  connectionsEver = 0;
  readonly #options: SlowProxyOptions;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
  #speed: number;
  #paidUntil = 0;
  #stalled: PromiseWithResolvers<void> | undefined;
  #refused = false;

  constructor(options: SlowProxyOptions) {
    this.#options = options;
    this.#speed = options.bytesPerSecond ?? 0;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }
  get url(): string {
    return `${this.#options.scheme ?? "http"}://${this.host}`;
  }
  get connections(): number {
    return this.#sockets.size / 2;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, "127.0.0.1", resolve);
    });
    const address = this.#server.address();
    this.port = typeof address === "object" && address !== null ? address.port : 0;
  }

  #accept(client: Socket): void {
    this.connectionsEver += 1;
    if (this.#refused) {
      client.on("error", () => undefined);
      client.resetAndDestroy();
      return;
    }
    const server = connect({ port: this.#options.port, host: "127.0.0.1", allowHalfOpen: true });
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      // What ends one side ends the other; the error itself is the client's to see.
      socket.on("error", () => other.destroy());
      socket.once("close", () => {
        this.#sockets.delete(socket);
        other.destroySoon();
      });
    }
    client
      .pipe(
        this.#paced((bytes) => {
          this.bytesUp += bytes;
        }),
      )
      .pipe(server);
    server
      .pipe(
        this.#paced((bytes) => {
          this.bytesDown += bytes;
        }),
      )
      .pipe(client);
  }

  #paced(count: (bytes: number) => void): Transform {
    const pass = async (chunk: Buffer, push: (piece: Buffer) => void): Promise<void> => {
      for (let at = 0; at < chunk.length; at += slice) {
        const piece = chunk.subarray(at, at + slice);
        await this.#stalled?.promise;
        await this.#pay(piece.length);
        await this.#stalled?.promise;
        count(piece.length);
        push(piece);
      }
    };
    return new Transform({
      highWaterMark: 4 * slice,
      transform(chunk: Buffer, _encoding, done): void {
        pass(chunk, (piece) => this.push(piece)).then(() => done(), done);
      },
    });
  }

  async #pay(bytes: number): Promise<void> {
    if (this.#speed <= 0) return;
    const now = performance.now();
    this.#paidUntil = Math.max(now, this.#paidUntil) + (bytes * 1000) / this.#speed;
    const wait = this.#paidUntil - now;
    if (wait >= 1) await new Promise((resolve) => setTimeout(resolve, wait));
  }

  setSpeed(bytesPerSecond: number): void {
    this.#speed = bytesPerSecond;
    this.#paidUntil = 0;
  }
  stall(): void {
    this.#stalled ??= Promise.withResolvers<void>();
  }
  resume(): void {
    this.#stalled?.resolve();
    this.#stalled = undefined;
  }
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }
  refuse(refused: boolean): void {
    this.#refused = refused;
  }

  async waitForBytes(direction: "up" | "down", bytes: number, timeoutMs = 20_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    const passed = (): number => (direction === "up" ? this.bytesUp : this.bytesDown);
    while (passed() < bytes) {
      if (Date.now() > deadline) {
        throw new Error(`Only ${passed()} of ${bytes} bytes went ${direction} within ${timeoutMs} ms.`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async close(): Promise<void> {
    this.resume();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.cut();
    await closed;
  }
}
