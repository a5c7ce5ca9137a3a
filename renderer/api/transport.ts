// The two ways to the engine: the preload's frame pipe in the desktop window, a WebSocket at the web host.
import { FreightlinerError } from "../../shared/errors.ts";
import { socketProtocols } from "../../shared/page-key.ts";
import type { ClientFrame, FramePipe } from "../../shared/wire.ts";
import { isSignedIn, pageKey, type SessionPage, signIn } from "./session.ts";

/** What the preload script exposes. */
interface PreloadBridge {
  send(frame: ClientFrame): void;
  onFrame(listener: (frame: unknown) => void): () => void;
}

declare global {
  interface Window {
    readonly freightliner?: PreloadBridge;
  }
}

export interface Transport {
  /** @throws FreightlinerError `unauthorized` where only a new link helps, `disconnected` where a later try may. */
  open(): Promise<FramePipe<ClientFrame>>;
}

export function chooseTransport(page: Window): Transport {
  const bridge = page.freightliner;
  if (bridge !== undefined) return { open: () => Promise.resolve(bridgePipe(bridge)) };
  return new WebTransport(page);
}

function bridgePipe(bridge: PreloadBridge): FramePipe<ClientFrame> {
  let stop = (): void => undefined;
  return {
    send: (frame) => bridge.send(frame),
    onFrame: (listener) => {
      stop = bridge.onFrame(listener);
    },
    // The window and the engine are one program: the pipe ends with the window.
    onClose: () => undefined,
    close: () => stop(),
  };
}

class WebTransport implements Transport {
  readonly #page: Window;
  /** Kept, because the address is cleaned before the host has answered. */
  #hash: string;
  #signedIn = false;

  constructor(page: Window) {
    this.#page = page;
    this.#hash = page.location.hash;
  }

  async open(): Promise<FramePipe<ClientFrame>> {
    if (!this.#signedIn) await this.#enter();
    this.#signedIn = true;
    const { protocol, host } = this.#page.location;
    const address = `${protocol === "https:" ? "wss" : "ws"}://${host}/ws`;
    // Read each time: another tab may have signed in anew.
    const key = pageKey(this.#sessionPage());
    if (key === undefined) throw notSignedIn();
    const socket = new WebSocket(address, socketProtocols(key));
    await this.#opened(socket);
    return socketPipe(socket);
  }

  /** Signs in by the link; where that is none, or was used already in this browser, an earlier session may still hold. */
  async #enter(): Promise<void> {
    try {
      if ((await signIn(this.#sessionPage())) === "signed-in") return;
    } catch (thrown) {
      if (!(thrown instanceof FreightlinerError) || thrown.status !== 401) throw thrown;
    }
    this.#hash = "";
    if (!(await isSignedIn(this.#sessionPage()))) throw notSignedIn();
  }

  #sessionPage(): SessionPage {
    return {
      hash: this.#hash,
      fetch: (url, init) => this.#page.fetch(url, init),
      storage: () => this.#page.localStorage,
      clean: () => this.#page.history.replaceState(null, "", this.#page.location.pathname),
    };
  }

  async #opened(socket: WebSocket): Promise<void> {
    const open = await new Promise<boolean>((resolve) => {
      socket.addEventListener("open", () => resolve(true), { once: true });
      socket.addEventListener("close", () => resolve(false), { once: true });
    });
    if (open) return;
    // A browser does not say why a WebSocket was refused: the host does.
    if (!(await isSignedIn(this.#sessionPage()))) throw notSignedIn();
    throw new FreightlinerError({
      code: "disconnected",
      operation: "connect",
      message: "Freightliner's host takes no more windows at the moment.",
    });
  }
}

function notSignedIn(): FreightlinerError {
  return new FreightlinerError({
    code: "unauthorized",
    operation: "connect",
    message: "This page is not signed in at Freightliner's host any more.",
  });
}

function socketPipe(socket: WebSocket): FramePipe<ClientFrame> {
  return {
    send: (frame) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    },
    onFrame: (listener) =>
      socket.addEventListener("message", (event: MessageEvent<unknown>) => {
        listener(readFrame(event.data));
      }),
    onClose: (listener) => socket.addEventListener("close", listener),
    close: () => socket.close(),
    pending: () => socket.bufferedAmount,
  };
}

/** Undefined for what is not JSON; the client closes a connection that sends such. */
function readFrame(data: unknown): unknown {
  if (typeof data !== "string") return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
