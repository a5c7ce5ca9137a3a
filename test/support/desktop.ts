// Starts the real shell over the stand-in, with an app that answers each call with its own parameters.
import { EventEmitter } from "node:events";
import { onTestFinished, vi } from "vitest";
import type { Desk } from "../../electron/app/desk.ts";
import { frameChannel } from "../../electron/desktop/channel.ts";
import type { DesktopApp } from "../../electron/desktop/desktop-app.ts";
import { readLaunchOptions } from "../../electron/desktop/launch-options.ts";
import { type StartOptions, startDesktop } from "../../electron/desktop/start.ts";
import type { ContractClient } from "../../shared/client.ts";
import type { UpdateStatus } from "../../shared/update.ts";
import type { WindowCommand } from "../../shared/window-command.ts";
import type { FramePipe, HostFrame } from "../../shared/wire.ts";
import { DeskAppNews } from "./desk-app.ts";
import { createStandIn, type StandIn } from "./electron-stand-in/stand-in.ts";
import { testFolder } from "./test-folder.ts";
import { rendererFolder } from "./web-host.ts";

export class FakeDesktopApp implements DesktopApp {
  activeRuns = 0;
  closes = 0;
  closing: () => Promise<void> = async () => {};
  ready = true;
  readonly pipes: FramePipe<HostFrame>[] = [];
  closedPipes = 0;
  readonly #activity: ((active: number) => void)[] = [];

  readonly news = new DeskAppNews();
  readonly commands: WindowCommand[] = [];
  readonly linksWaiting: number[] = [];
  readonly updates: UpdateStatus[] = [];
  /** What the shell handed over. */
  desk: Desk | undefined;

  connectDirect(): ContractClient {
    return this.news.connect();
  }
  sendCommand(command: WindowCommand): void {
    this.commands.push(command);
  }
  linkWaiting(waiting: number): void {
    this.linksWaiting.push(waiting);
  }
  updateChanged(status: UpdateStatus): void {
    this.updates.push(status);
  }
  connect(pipe: FramePipe<HostFrame>): void {
    this.pipes.push(pipe);
    pipe.onFrame((frame) => {
      const { id, params } = frame as { id: number; params: unknown };
      pipe.send({ t: "result", id, value: params });
    });
    pipe.onClose(() => this.closedPipes++);
  }
  onActivity(listener: (active: number) => void): () => void {
    this.#activity.push(listener);
    return () => {};
  }
  run(active: number): void {
    this.activeRuns = active;
    for (const listener of this.#activity) listener(active);
  }
  async readiness() {
    return { ready: this.ready, checks: { database: this.ready ? "ok" : "locked" } };
  }
  close(): Promise<void> {
    this.closes++;
    return this.closing();
  }
}

export interface Started {
  readonly standIn: StandIn;
  readonly app: FakeDesktopApp;
  readonly process: EventEmitter;
  readonly log: string[];
  readonly printed: string[];
  readonly home: string;
  readonly clock: { now: number };
  /** Sends a frame as the page does. */
  send(frame: unknown): void;
}

export interface Given {
  readonly home?: string;
  readonly argv?: readonly string[];
  readonly prepare?: (standIn: StandIn) => void;
  readonly options?: Partial<StartOptions>;
  /** Says what the app behind the shell holds before it is asked. */
  readonly before?: (app: FakeDesktopApp) => void;
  /** Leave Electron before ready. */
  readonly stayUnready?: boolean;
}

export async function startTestDesktop(given: Given = {}): Promise<Started> {
  const standIn = createStandIn();
  const app = new FakeDesktopApp();
  const process = new EventEmitter();
  const log: string[] = [];
  const printed: string[] = [];
  const clock = { now: 0 };
  const home = given.home ?? (await testFolder("desktop"));
  const renderer = await rendererFolder();
  onTestFinished(renderer.remove);
  const argv = ["electron", "app", ...(given.argv ?? [])];
  const write = (_fields: object, message: string): number => log.push(message);
  given.prepare?.(standIn);
  given.before?.(app);
  startDesktop({
    electron: standIn.electron,
    launch: readLaunchOptions(argv),
    createApp: async (desk) => {
      app.desk = desk;
      return app;
    },
    loadUpdater: async () => undefined,
    log: { error: write, warn: write },
    process,
    home,
    argv,
    platform: "linux",
    now: () => clock.now,
    rendererFolder: renderer.path,
    preload: "/bundle/preload.cjs",
    print: (line) => printed.push(line),
    deadlines: { quitMs: 200, smokeMs: 200 },
    ...given.options,
  });
  if (given.stayUnready !== true) {
    await standIn.app.becomeReady();
    // The shell reads files and builds the app before it opens a window.
    await vi.waitFor(() => {
      if (
        standIn.windows[0]?.webContents.url === undefined &&
        standIn.app.exits.length === 0 &&
        !standIn.app.hasQuit
      ) {
        throw new Error("no window yet");
      }
    });
  }
  const send = (frame: unknown): void =>
    standIn.window().webContents.receive(frameChannel, [JSON.stringify(frame)]);
  return { standIn, app, process, log, printed, home, clock, send };
}
