// Electron IPC as a frame pipe per window: the sender is checked first, and a page that goes takes its pipe along.
import type { WebContents } from "electron";
import { type FramePipe, type HostFrame, maxClientFrame } from "../../shared/wire.ts";
import { appOrigin } from "./app-protocol.ts";
import { frameChannel } from "./channel.ts";

/** The part of an IPC event that tells who sent it. */
export interface Sender {
  readonly senderFrame: {
    readonly detached: boolean;
    readonly parent: unknown;
    readonly origin: string;
  } | null;
  readonly sender: Pick<WebContents, "id">;
}

/**
 * True for the top frame of our own page in a window that we opened. Call it before anything is awaited: the frame may
 * be gone later. `origin` is Chromium's; parsing the address ourselves would give "null" for our scheme.
 */
export function isTrusted(event: Sender, contentsId: number): boolean {
  const frame = event.senderFrame;
  return (
    frame !== null &&
    !frame.detached &&
    frame.parent === null &&
    frame.origin === appOrigin &&
    event.sender.id === contentsId
  );
}

export interface IpcTransportOptions {
  readonly contents: WebContents;
  readonly connect: (pipe: FramePipe<HostFrame>) => void;
  /** Told of what was refused: a page that is not ours, a frame over the cap. */
  readonly onRefused: (reason: string) => void;
  /** Told of an error in what hears the frames. */
  readonly onProblem: (error: unknown) => void;
  /** Sees every frame as it passes, for the smoke run. */
  readonly onTraffic?: (direction: "in" | "out", frame: unknown) => void;
}

/** Serves one window until it is destroyed. */
export function serveWindow(options: IpcTransportOptions): void {
  const { contents, connect, onRefused, onProblem, onTraffic = () => {} } = options;
  // After the window is destroyed its properties throw.
  const contentsId = contents.id;
  let pipe: IpcPipe | undefined;
  const drop = (): void => {
    pipe?.close();
    pipe = undefined;
  };
  contents.ipc.on(frameChannel, (event, text: unknown) => {
    if (!isTrusted(event, contentsId)) return onRefused("a frame from a page that is not ours");
    const frame = readFrame(text);
    if (frame === undefined) return onRefused("a frame that is too large or not JSON");
    onTraffic("in", frame.value);
    if (pipe === undefined) {
      pipe = new IpcPipe((out) => {
        onTraffic("out", out);
        if (!contents.isDestroyed()) contents.send(frameChannel, JSON.stringify(out));
      });
      connect(pipe);
    }
    try {
      pipe.receive(frame.value);
    } catch (error) {
      // One bad frame ends its page's pipe, not the program.
      onProblem(error);
      drop();
    }
  });
  // A page that is loaded again is another client: its calls start at 1 and the old ones have nobody to answer to.
  contents.on("did-start-navigation", (details) => {
    if (details.isMainFrame && !details.isSameDocument) drop();
  });
  contents.on("did-navigate", drop);
  contents.on("render-process-gone", drop);
  contents.on("destroyed", drop);
}

/** Frames are JSON text, so that their size is known before anything is made of them. */
function readFrame(text: unknown): { readonly value: unknown } | undefined {
  if (typeof text !== "string" || text.length > maxClientFrame) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    // The caller reports it; our own preload never sends such.
    return undefined;
  }
}

class IpcPipe implements FramePipe<HostFrame> {
  readonly #out: (frame: HostFrame) => void;
  #onFrame: (frame: unknown) => void = () => {};
  #onClose: () => void = () => {};
  #closed = false;

  constructor(out: (frame: HostFrame) => void) {
    this.#out = out;
  }

  send(frame: HostFrame): void {
    if (!this.#closed) this.#out(frame);
  }
  onFrame(listener: (frame: unknown) => void): void {
    this.#onFrame = listener;
  }
  onClose(listener: () => void): void {
    this.#onClose = listener;
  }
  receive(frame: unknown): void {
    if (!this.#closed) this.#onFrame(frame);
  }
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
  }
}
