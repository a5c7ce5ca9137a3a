// tinyproxy as a process of its own on a free loopback port: a real proxy, with or without a sign-in.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { endChild, freePort, startChild } from "./child.ts";
import { tempFolder } from "./temp.ts";
import { waitForPort } from "./wait-for-port.ts";

export interface TinyproxyOptions {
  readonly user?: string;
  readonly password?: string;
  /** The only ports that CONNECT may name; every one where it is not said. */
  readonly connectPorts?: readonly number[];
}

export interface Tinyproxy {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** What it wrote so far: each request's first line is among it. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

export async function startTinyproxy(options: TinyproxyOptions = {}): Promise<Tinyproxy> {
  for (let attempt = 1; ; attempt += 1) {
    const folder = await tempFolder("tinyproxy");
    const port = await freePort();
    const file = join(folder.path, "tinyproxy.conf");
    const logFile = join(folder.path, "tinyproxy.log");
    const { user, password, connectPorts = [] } = options;
    const lines = [
      `Port ${port}`,
      "Listen 127.0.0.1",
      "Timeout 60",
      `LogFile "${logFile}"`,
      "LogLevel Connect",
      `PidFile "${join(folder.path, "pid")}"`,
      "MaxClients 100",
      "Allow 127.0.0.1",
      ...(user === undefined ? [] : [`BasicAuth ${user} ${password}`]),
      ...connectPorts.map((one) => `ConnectPort ${one}`),
    ];
    await writeFile(file, `${lines.join("\n")}\n`);
    const child = startChild("tinyproxy", ["-d", "-c", file]);
    const stop = async (): Promise<void> => {
      await endChild(child);
      await folder.remove();
    };
    if (await waitForPort(port, child)) {
      const log = () => readFile(logFile, "utf8").catch(() => "");
      return { url: `http://127.0.0.1:${port}`, port, log, stop };
    }
    await stop();
    if (attempt >= 3) throw new Error("tinyproxy did not start");
  }
}
