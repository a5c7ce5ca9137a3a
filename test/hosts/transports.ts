// The transports by name: each joins a contract client to the one door, over the real pipes of its face.

import { rm } from "node:fs/promises";
import { WebSocket } from "ws";
import { directPipe } from "../../electron/app/direct-pipe.ts";
import { silentLog } from "../../electron/app/log.ts";
import { startWebHost } from "../../electron/web/web-host.ts";
import type { ClientFrame, FramePipe, HostFrame } from "../../shared/wire.ts";
import { ask, cookieOf, rendererFolder } from "../support/web-host.ts";

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

export async function websocket(serve: Serve): Promise<Transport> {
  const folder = await rendererFolder();
  const host = await startWebHost({
    app: { connect: serve, readiness: async () => ({ ready: true, checks: {} }), metrics: async () => "" },
    rendererFolder: folder,
    port: 0,
    log: silentLog,
    now: () => Date.now(),
  });
  const token = new URL(host.newLaunchUrl()).hash.slice("#t=".length);
  const cookie = cookieOf(await ask(host.port, { method: "POST", path: "/session", json: { token } }));
  return {
    open: async () => {
      const origin = `http://127.0.0.1:${host.port}`;
      const socket = new WebSocket(`ws://127.0.0.1:${host.port}/ws`, {
        headers: { Origin: origin, Cookie: cookie },
      });
      await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
      return socketPipe(socket);
    },
    close: async () => {
      await host.close();
      await rm(folder, { recursive: true });
    },
  };
}
