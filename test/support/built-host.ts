// The built web host as a process of its own, signed in to and spoken with over its WebSocket as a window does.
import { fileURLToPath } from "node:url";
import { WebSocket } from "ws";
import { ContractClient } from "../../shared/client.ts";
import type { ClientFrame, FramePipe } from "../../shared/wire.ts";
import { type RunningProcess, startProcess } from "./processes.ts";
import { type Entry, signInAt, socketOf } from "./web-host.ts";

/** The production build of the web host. */
export const hostBundle = fileURLToPath(new URL("../../dist/web/web.js", import.meta.url));

export interface BuiltHost {
  readonly process: RunningProcess;
  readonly origin: string;
  /** The session's two halves, for a browser that is to share it. */
  readonly entry: Entry;
  /** Every frame that came, as text. */
  readonly frames: readonly string[];
  readonly client: ContractClient;
  /** Ends the connection, then the process in order. */
  stop(): Promise<void>;
}

/** Starts it with this data folder and signs in. `dist/` must be built. */
export async function startBuiltHost(
  home: string,
  env: Readonly<Record<string, string>> = {},
): Promise<BuiltHost> {
  const host = startProcess({ home, args: [], script: hostBundle, env });
  const [address] = await host.waitFor(/http:\/\/\S+#t=\S+/);
  const url = new URL(address);
  const port = Number(url.port);
  const entry = await signInAt(port, url.hash.slice("#t=".length));
  const { headers, protocols = [] } = socketOf(port, entry);
  const frames: string[] = [];
  const socket = new WebSocket(`${url.origin.replace("http", "ws")}/ws`, [...protocols], { headers });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  socket.on("message", (data) => frames.push(String(data)));
  const client = new ContractClient(pipeOf(socket));
  return {
    process: host,
    origin: url.origin,
    entry,
    frames,
    client,
    stop: async () => {
      client.close();
      await host.stop();
    },
  };
}

function pipeOf(socket: WebSocket): FramePipe<ClientFrame> {
  return {
    send: (frame) => socket.send(JSON.stringify(frame)),
    onFrame: (listener) => void socket.on("message", (data) => listener(JSON.parse(String(data)))),
    onClose: (listener) => void socket.on("close", listener),
    close: () => socket.close(),
  };
}
