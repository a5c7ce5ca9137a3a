// The transports by name: each joins a contract client to the one door, over the real pipes of its face.

import { EventEmitter } from "node:events";
import type { WebContents } from "electron";
import type { WebSocket } from "ws";
import { directPipe } from "../../electron/app/direct-pipe.ts";
import { silentLog } from "../../electron/app/log.ts";
import { serveWindow } from "../../electron/desktop/ipc-transport.ts";
import { startWebHost } from "../../electron/web/web-host.ts";
import type { ClientFrame, FramePipe, HostFrame } from "../../shared/wire.ts";
import { openSocket, rendererFolder, signInAt, socketOf } from "../support/web-host.ts";

export interface Transport {
  /** One more client. */
  open(): Promise<FramePipe<ClientFrame>>;
  close(): Promise<void>;
}

export type Serve = (pipe: FramePipe<HostFrame>) => void;

export async function direct(serve: Serve): Promise<Transport> {
  return {
    open: async () => {
      const { client, host } = directPipe();
      serve(host);
      return client;
    },
    close: async () => {},
  };
}

/** The client's end of a WebSocket, as the renderer's transport makes it in a browser. */
function socketPipe(socket: WebSocket): FramePipe<ClientFrame> {
  return {
    send: (frame) => socket.send(JSON.stringify(frame)),
    onFrame: (listener) => void socket.on("message", (data) => listener(JSON.parse(String(data)))),
    onClose: (listener) => void socket.on("close", listener),
    close: () => socket.close(),
  };
}

/** Electron's IPC between one window and main, as the preload script and the window's WebContents pass it on. */
export async function ipc(serve: Serve): Promise<Transport> {
  let windows = 0;
  return {
    open: async () => {
      const ours = new EventEmitter();
      const toMain = new EventEmitter();
      const id = ++windows;
      let onFrame: (frame: unknown) => void = () => {};
      let onClose: () => void = () => {};
      const contents = Object.assign(ours, {
        id,
        ipc: toMain,
        isDestroyed: () => false,
        // Electron copies what is sent and delivers it later.
        send: (_channel: string, text: string) => void setImmediate(() => onFrame(JSON.parse(text))),
      });
      serveWindow({
        contents: contents as unknown as WebContents,
        connect: (pipe) =>
          serve({
            send: (frame) => pipe.send(frame),
            onFrame: (listener) => pipe.onFrame(listener),
            onClose: (listener) => pipe.onClose(listener),
            close: () => {
              pipe.close();
              onClose();
            },
          }),
        onRefused: (reason) => {
          throw new Error(`refused ${reason}`);
        },
        onProblem: (error) => {
          throw error;
        },
      });
      const senderFrame = { detached: false, parent: null, origin: "app://bundle" };
      return {
        send: (frame) => {
          const text = JSON.stringify(frame);
          setImmediate(() => toMain.emit("freightliner:frame", { senderFrame, sender: { id } }, text));
        },
        onFrame: (listener) => {
          onFrame = listener;
        },
        onClose: (listener) => {
          onClose = listener;
        },
        close: () => void ours.emit("destroyed"),
      };
    },
    close: async () => {},
  };
}

export async function websocket(serve: Serve): Promise<Transport> {
  const folder = await rendererFolder();
  const host = await startWebHost({
    app: { connect: serve, readiness: async () => ({ ready: true, checks: {} }), metrics: async () => "" },
    rendererFolder: folder.path,
    port: 0,
    log: silentLog,
    now: () => Date.now(),
  });
  const token = new URL(host.newLaunchUrl()).hash.slice("#t=".length);
  const entry = await signInAt(host.port, token);
  return {
    open: async () => {
      const socket = await openSocket(host.port, socketOf(host.port, entry));
      if (typeof socket === "number") throw new Error(`the socket was refused with ${socket}`);
      return socketPipe(socket);
    },
    close: async () => {
      await host.close();
      await folder.remove();
    },
  };
}
