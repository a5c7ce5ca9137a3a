// A WebSocket as a frame pipe: JSON text frames under a size cap, keepalive, and an end for a client that does not read.
import type { RawData, WebSocket } from "ws";
import { FreightlinerError, toWire } from "../../shared/errors.ts";
import { formatBytes } from "../../shared/units.ts";
import type { FramePipe, HostFrame } from "../../shared/wire.ts";

const socketRules = {
  /** A ping goes out so often; two without an answer end the connection. */
  pingMs: 20_000,
  /**
   * Bytes waiting for a client that does not read. Progress already waits for credit; events do not, so a stuck client
   * is cut off here and catches up by number when it comes back.
   */
  maxPending: 16 * 1024 * 1024,
} as const;

/** Close codes: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 and, from 4000, our own. */
const unsupportedData = 1003;
const invalidPayload = 1007;
const internalError = 1011;
const tryAgainLater = 1013;

export interface SocketPipeOptions {
  readonly socket: WebSocket;
  /** Called for each frame and each answered ping: somebody is there, the session is in use. */
  readonly onUse: () => void;
  /** Told of an error in what hears the frames; the connection ends, the process does not. */
  readonly onProblem: (error: unknown) => void;
  readonly pingMs?: number;
  readonly maxPending?: number;
}

/** The host's end of one connection. It begins to ping at once and stops when the socket closes. */
export function socketPipe(options: SocketPipeOptions): FramePipe<HostFrame> {
  const { socket, onUse, onProblem, maxPending = socketRules.maxPending } = options;
  keepAlive(socket, options.pingMs ?? socketRules.pingMs);
  socket.on("pong", onUse);
  return {
    send(frame) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > maxPending) {
        socket.close(tryAgainLater, "too slow");
        // A peer that does not read never answers the close, and what waits for it is memory.
        socket.terminate();
        return;
      }
      socket.send(frameText(frame, maxPending / 2));
    },
    onFrame(listener) {
      socket.on("message", (data, isBinary) => {
        // What comes between our close and the peer's answer to it has no session behind it any more.
        if (socket.readyState !== socket.OPEN) return;
        if (isBinary) return socket.close(unsupportedData, "text frames only");
        const frame = parse(data);
        if (frame === undefined) return socket.close(invalidPayload, "not JSON");
        onUse();
        try {
          listener(frame.value);
        } catch (error) {
          onProblem(error);
          socket.close(internalError, "internal error");
        }
      });
    },
    onClose(listener) {
      socket.on("close", () => listener());
    },
    close() {
      socket.close();
    },
    pending() {
      return socket.bufferedAmount;
    },
  };
}

/**
 * An answer that would fill the line by itself becomes an error: behind it the next frame would find a client that seems
 * not to read (P003).
 */
function frameText(frame: HostFrame, longest: number): string {
  const text = JSON.stringify(frame);
  if (frame.t !== "result" || text.length <= longest) return text;
  const error = new FreightlinerError({
    code: "unsupported",
    operation: "answer",
    message: `The answer is too long for a browser (${formatBytes(text.length)}; expected at most ${formatBytes(longest)}). The command line shows it whole.`,
  });
  return JSON.stringify({ t: "error", id: frame.id, error: toWire(error) } satisfies HostFrame);
}

function parse(data: RawData): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(String(data)) };
  } catch {
    // The caller closes the connection with the code that says so.
    return undefined;
  }
}

function keepAlive(socket: WebSocket, pingMs: number): void {
  let unanswered = 0;
  const timer = setInterval(() => {
    if (unanswered >= 2) return socket.terminate();
    unanswered++;
    socket.ping();
  }, pingMs);
  socket.on("pong", () => {
    unanswered = 0;
  });
  socket.on("close", () => clearInterval(timer));
}
