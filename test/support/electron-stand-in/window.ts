// Stand-ins for windows and what they show: every call after destruction throws, IPC is copied as on a wire.
import { EventEmitter } from "node:events";
import type {
  BrowserWindow,
  BrowserWindowConstructorOptions,
  ProgressBarOptions,
  Rectangle,
  WebContents,
} from "electron";
import { PreventableEvent } from "./app.ts";
import type { StandInSession } from "./session.ts";

export interface FakeFrame {
  readonly origin: string;
  readonly detached: boolean;
  readonly parent: FakeFrame | null;
}
export const topFrame: FakeFrame = { origin: "app://bundle", detached: false, parent: null };

let nextId = 1;
type OpenHandler = Parameters<WebContents["setWindowOpenHandler"]>[0];
type UsedContents = Pick<
  WebContents,
  "id" | "isDestroyed" | "send" | "getURL" | "reload" | "setWindowOpenHandler"
>;

export class StandInContents extends EventEmitter implements UsedContents {
  readonly #id = nextId++;
  readonly ipc = new EventEmitter();
  readonly session: StandInSession;
  /** Texts sent to the page; a listener may take them as they come. */
  readonly sent: [channel: string, ...args: unknown[]][] = [];
  onSend: (channel: string, ...args: unknown[]) => void = () => {};
  url = "";
  reloads = 0;
  openHandler: OpenHandler = () => ({ action: "allow" });
  #destroyed = false;

  constructor(session: StandInSession) {
    super();
    this.session = session;
  }

  get id(): number {
    this.#alive();
    return this.#id;
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  send(channel: string, ...args: unknown[]): void {
    this.#alive();
    const copy = structuredClone(args);
    this.sent.push([channel, ...copy]);
    this.onSend(channel, ...copy);
  }
  getURL(): string {
    this.#alive();
    return this.url;
  }
  reload(): void {
    this.#alive();
    this.reloads++;
    this.navigated(this.url);
  }
  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler;
  }

  /** A page was loaded into the main frame. */
  navigated(url: string): void {
    this.emit("did-start-navigation", { isMainFrame: true, isSameDocument: false, url });
    this.url = url;
    this.emit("did-navigate", new PreventableEvent(), url);
  }

  /** A navigation that the page itself asks for; true where nobody prevented it. */
  navigates(
    event: "will-navigate" | "will-frame-navigate" | "will-redirect",
    url: string,
    isMainFrame = true,
  ): boolean {
    const details = Object.assign(new PreventableEvent(), { url, isMainFrame });
    this.emit(event, details);
    return !details.defaultPrevented;
  }

  /** `ipcRenderer.send` of the page. */
  receive(
    channel: string,
    args: readonly unknown[],
    senderFrame: FakeFrame | null = topFrame,
    senderId = this.#id,
  ): void {
    this.ipc.emit(channel, { senderFrame, sender: { id: senderId } }, ...structuredClone(args));
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.emit("destroyed");
  }

  #alive(): void {
    if (this.#destroyed) throw new TypeError("Object has been destroyed");
  }
}

type UsedWindow = Pick<
  BrowserWindow,
  | "loadURL"
  | "show"
  | "hide"
  | "focus"
  | "isMinimized"
  | "restore"
  | "close"
  | "isDestroyed"
  | "isFocused"
  | "isVisible"
  | "isMaximized"
  | "maximize"
  | "getNormalBounds"
  | "setProgressBar"
>;

export class StandInWindow extends EventEmitter implements UsedWindow {
  readonly options: BrowserWindowConstructorOptions;
  readonly webContents: StandInContents;
  readonly calls: string[] = [];
  minimized = false;
  maximized = false;
  focused = false;
  visible: boolean;
  bounds: Rectangle;
  /** Every bar that was shown: its value and mode. */
  readonly bars: [value: number, mode: string | undefined][] = [];
  #destroyed = false;

  constructor(options: BrowserWindowConstructorOptions, session: StandInSession) {
    super();
    this.options = options;
    this.visible = options.show !== false;
    const { x = 100, y = 50, width = 800, height = 600 } = options;
    this.bounds = { x, y, width, height };
    this.webContents = new StandInContents(session);
  }

  async loadURL(url: string): Promise<void> {
    this.calls.push(`loadURL ${url}`);
    const page = await this.webContents.session.load(url);
    if (!page.ok) throw new Error(`ERR_FAILED loading '${url}'`);
    this.webContents.navigated(url);
    this.emit("ready-to-show");
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  isFocused(): boolean {
    return this.#alive().focused;
  }
  isVisible(): boolean {
    return this.#alive().visible;
  }
  isMaximized(): boolean {
    return this.#alive().maximized;
  }
  maximize(): void {
    this.#alive().maximized = true;
  }
  getNormalBounds(): Rectangle {
    return { ...this.#alive().bounds };
  }
  setProgressBar(value: number, options?: ProgressBarOptions): void {
    this.#alive().bars.push([value, options?.mode]);
  }
  #alive(): this {
    if (this.#destroyed) throw new TypeError("Object has been destroyed");
    return this;
  }
  show(): void {
    this.visible = true;
  }
  hide(): void {
    this.visible = false;
  }
  focus(): void {
    this.calls.push("focus");
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  restore(): void {
    this.minimized = false;
  }
  close(): void {
    if (this.#destroyed) return;
    const event = new PreventableEvent();
    this.emit("close", event);
    if (event.defaultPrevented) return;
    this.#destroyed = true;
    this.webContents.destroy();
    this.emit("closed");
  }
  get closed(): boolean {
    return this.#destroyed;
  }
}
