// The upgrade to a WebSocket: the guard's rules, a valid session and a free place, then the app takes the pipe.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { socketProtocol } from "../../shared/page-key.ts";
import { maxClientFrame } from "../../shared/wire.ts";
import { answerRaw } from "./answer-raw.ts";
import { refusal } from "./guard.ts";
import { pathOf, type RouteContext, sessionOfSocket } from "./routes.ts";
import type { Session } from "./sessions.ts";
import { socketPipe } from "./websocket-transport.ts";

/** Our own close code: the session is over, a reload will not help, a new launch URL is needed. */
export const sessionEnded = 4401;

export interface SocketDoorOptions {
  readonly context: RouteContext;
  readonly hosts: ReadonlySet<string>;
  readonly maxSockets: number;
  /** Milliseconds for a client to hang up after it was refused or closed. */
  readonly lingerMs: number;
  readonly pingMs?: number;
  readonly maxPending?: number;
}

export class SocketDoor {
  readonly #options: SocketDoorOptions;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: maxClientFrame,
    perMessageDeflate: false,
    // The protocols that a page offers hold its key, which no answer repeats.
    handleProtocols: (offered) => offered.has(socketProtocol) && socketProtocol,
  });
  readonly #sockets = new Map<WebSocket, Session>();

  constructor(options: SocketDoorOptions) {
    this.#options = options;
    options.context.sessions.onEnd((session) => this.#closeOf(session));
  }

  get count(): number {
    return this.#sockets.size;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Until the handshake is through nobody else listens, and an unheard error would end the process.
    socket.on("error", () => socket.destroy());
    const hostHeaders = request.rawHeaders.filter((name, i) => i % 2 === 0 && /^host$/i.test(name)).length;
    const refused = this.#refusal(request, hostHeaders);
    if (typeof refused === "number") {
      const { lingerMs } = this.#options;
      answerRaw(socket, { host: request.headers.host, status: refused, reason: reasons[refused], lingerMs });
      return;
    }
    const session = refused;
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#open(opened, session));
  }

  /** The session that the socket will belong to, or the status to refuse with. */
  #refusal(request: IncomingMessage, hostHeaders: number): Session | keyof typeof reasons {
    const { context, hosts, maxSockets } = this.#options;
    const method = request.method ?? "GET";
    const refused = refusal({ method, headers: request.headers, hostHeaders, upgrade: true }, hosts);
    if (refused !== undefined) return refused.status;
    if (pathOf(request.url ?? "/") !== "/ws") return 404;
    const session = sessionOfSocket(request, context);
    if (session === undefined) return 401;
    return this.#sockets.size >= maxSockets ? 503 : session;
  }

  /** Ends every connection: 1001 says that the host goes away. */
  close(): void {
    for (const socket of this.#sockets.keys()) this.#dismiss(socket, 1001, "the host stops");
    this.#server.close();
  }

  #open(socket: WebSocket, session: Session): void {
    const { context, pingMs, maxPending } = this.#options;
    this.#sockets.set(socket, session);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", (error) => context.log.debug({ reason: error.message }, "a client's socket failed"));
    context.app.connect(
      socketPipe({
        socket,
        onUse: () => context.sessions.touch(session),
        onProblem: (error) => context.log.error({ err: error }, "a client's frame made something fail"),
        ...(pingMs === undefined ? {} : { pingMs }),
        ...(maxPending === undefined ? {} : { maxPending }),
      }),
    );
  }

  #closeOf(session: Session): void {
    for (const [socket, owner] of this.#sockets) {
      if (owner === session) this.#dismiss(socket, sessionEnded, "session ended");
    }
  }

  /** Closes in order; a client that does not answer the close is cut off. */
  #dismiss(socket: WebSocket, code: number, reason: string): void {
    socket.close(code, reason);
    const rest = setTimeout(() => socket.terminate(), this.#options.lingerMs);
    socket.once("close", () => clearTimeout(rest));
  }
}

const reasons = {
  401: "Sign in first.",
  403: "Only this server's own page may do that.",
  404: "There is no socket here.",
  421: "This server does not answer to that host name.",
  503: "Too many windows are open.",
} as const;
