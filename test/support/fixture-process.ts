// The sample registry's server in a process of its own, over a temporary folder, with a log of what it answered.
import { join } from "node:path";
import type { AccessLogLine } from "./access-log.ts";
import { endChild, startChild } from "./child.ts";
import { rawRequest } from "./raw-http.ts";
import { tempFolder } from "./temp.ts";

/** A line of its log; `received` counts the body bytes that came. */
export interface FixtureLogLine extends AccessLogLine {
  readonly received: number;
}

export interface FixtureProcess {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  /** Every request that ended so far, those that broke off as well (status 0). */
  accessLog(): Promise<readonly FixtureLogLine[]>;
  stop(): Promise<void>;
}

export async function startFixtureProcess(): Promise<FixtureProcess> {
  const folder = await tempFolder("fixture-process");
  const main = join(import.meta.dirname, "fixture-process-main.ts");
  const child = startChild(process.execPath, [main, folder.path]);
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout?.setEncoding("utf8").once("data", (text: string) => resolve(Number(text)));
    child.once("exit", () => reject(new Error(`The fixture process ended at once: ${errors}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    ...{ host: `127.0.0.1:${port}`, port, url, pid: child.pid ?? 0 },
    accessLog: async () =>
      JSON.parse((await rawRequest({ url }, "/log")).body.toString()) as readonly FixtureLogLine[],
    stop: async () => {
      await endChild(child);
      await folder.remove();
    },
  };
}
