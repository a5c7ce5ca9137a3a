// Stand-in for Electron's `app`: calls that are only legal before or after ready throw on the wrong side.
import { EventEmitter } from "node:events";
import type { App, CommandLine } from "electron";

type Used = Pick<
  App,
  | "setName"
  | "setPath"
  | "getPath"
  | "requestSingleInstanceLock"
  | "quit"
  | "exit"
  | "relaunch"
  | "enableSandbox"
  | "whenReady"
  | "isReady"
  | "setBadgeCount"
  | "setAsDefaultProtocolClient"
>;

export class PreventableEvent {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

/** Which data folders are held by which stand-in; the real lock lies in userData as well. */
const locks = new Map<string, StandInApp>();

export interface AppHooks {
  /** Closes all windows; false where one of them would not. */
  closeWindows(): boolean;
}

export class StandInApp extends EventEmitter implements Used {
  isPackaged = false;
  readonly switches = new Set<string>();
  readonly commandLine = {
    hasSwitch: (name: string) => this.switches.has(name),
  } satisfies Pick<CommandLine, "hasSwitch">;
  readonly calls: string[] = [];
  readonly exits: number[] = [];
  readonly relaunches: unknown[] = [];
  readonly badges: number[] = [];
  readonly schemes: string[] = [];
  hasQuit = false;
  hooks: AppHooks = { closeWindows: () => true };
  readonly #paths = new Map<string, string>();
  readonly #ready = Promise.withResolvers<void>();
  #isReady = false;

  /** What Electron does once the main module has been evaluated, and not before. */
  async becomeReady(): Promise<void> {
    this.#isReady = true;
    this.#ready.resolve();
    this.emit("ready");
    await new Promise((resolve) => setImmediate(resolve));
  }

  setBadgeCount(count = 0): boolean {
    this.badges.push(count);
    return true;
  }
  setAsDefaultProtocolClient(scheme: string): boolean {
    this.schemes.push(scheme);
    return true;
  }
  setName(name: string): void {
    this.calls.push(`setName ${name}`);
  }
  setPath(name: string, path: string): void {
    this.beforeReady("setPath");
    this.#paths.set(name, path);
  }
  getPath(name: string): string {
    const path = this.#paths.get(name);
    if (path === undefined) throw new Error(`Failed to get '${name}' path`);
    return path;
  }
  requestSingleInstanceLock(additionalData?: Record<string, unknown>): boolean {
    this.calls.push("lock");
    const holder = locks.get(this.getPath("userData"));
    if (holder !== undefined && holder !== this) {
      holder.emit("second-instance", new PreventableEvent(), process.argv, process.cwd(), additionalData);
      return false;
    }
    locks.set(this.getPath("userData"), this);
    return true;
  }
  enableSandbox(): void {
    this.beforeReady("enableSandbox");
  }
  whenReady(): Promise<void> {
    return this.#ready.promise;
  }
  isReady(): boolean {
    return this.#isReady;
  }
  quit(): void {
    this.calls.push("quit");
    const before = new PreventableEvent();
    this.emit("before-quit", before);
    if (before.defaultPrevented || !this.hooks.closeWindows()) return;
    const will = new PreventableEvent();
    this.emit("will-quit", will);
    if (!will.defaultPrevented) this.#end(0);
  }
  exit(code = 0): void {
    this.exits.push(code);
    this.#end(code);
  }
  relaunch(options?: unknown): void {
    this.relaunches.push(options);
  }

  beforeReady(what: string): void {
    this.calls.push(what);
    if (this.#isReady) throw new Error(`${what} can only be called before app is ready`);
  }
  afterReady(what: string): void {
    this.calls.push(what);
    if (!this.#isReady) throw new Error(`${what} can only be called after app is ready`);
  }

  #end(code: number): void {
    this.hasQuit = true;
    for (const [path, holder] of locks) if (holder === this) locks.delete(path);
    this.emit("quit", new PreventableEvent(), code);
  }
}
