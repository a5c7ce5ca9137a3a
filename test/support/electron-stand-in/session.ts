// Stand-in for sessions: handlers are recorded, and as in Electron everything is granted where there is none.
import { EventEmitter } from "node:events";
import type { Protocol, Session, WebContents } from "electron";

type Handler = Parameters<Protocol["handle"]>[1];
type PermissionRequest = Parameters<Session["setPermissionRequestHandler"]>[0];
type PermissionCheck = Parameters<Session["setPermissionCheckHandler"]>[0];
type Used = Pick<
  Session,
  | "setPermissionRequestHandler"
  | "setPermissionCheckHandler"
  | "setDevicePermissionHandler"
  | "setDisplayMediaRequestHandler"
>;

export class StandInSession extends EventEmitter implements Used {
  readonly handlers = new Map<string, Handler>();
  #request: PermissionRequest = null;
  #check: PermissionCheck = null;
  #device: Parameters<Session["setDevicePermissionHandler"]>[0] = null;
  #beforeRequest: ((details: { url: string }, answer: (a: { cancel?: boolean }) => void) => void) | undefined;

  readonly protocol = {
    handle: (scheme: string, handler: Handler): void => {
      if (this.handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
      this.handlers.set(scheme, handler);
    },
  };
  readonly webRequest = {
    onBeforeRequest: (handler: NonNullable<typeof this.beforeRequest>): void => {
      this.#beforeRequest = handler;
    },
  };
  get beforeRequest() {
    return this.#beforeRequest;
  }

  setPermissionRequestHandler(handler: PermissionRequest): void {
    this.#request = handler;
  }
  setPermissionCheckHandler(handler: PermissionCheck): void {
    this.#check = handler;
  }
  setDevicePermissionHandler(handler: Parameters<Session["setDevicePermissionHandler"]>[0]): void {
    this.#device = handler;
  }
  setDisplayMediaRequestHandler(_handler: Parameters<Session["setDisplayMediaRequestHandler"]>[0]): void {}

  /** What a page's request would be answered. */
  grants(permission: string, url: string): { request: boolean; check: boolean; device: boolean } {
    const contents = { getURL: () => url } as unknown as WebContents;
    let request = this.#request === null;
    this.#request?.(contents, permission as "media", (granted) => (request = granted), {} as never);
    const check = this.#check?.(contents, permission as "media", url, {} as never) ?? true;
    return { request, check, device: this.#device?.({} as never) ?? true };
  }

  /** Whether a request of a page would leave. */
  lets(url: string): boolean {
    let cancelled = false;
    this.#beforeRequest?.({ url }, (answer) => {
      cancelled = answer.cancel === true;
    });
    return !cancelled;
  }

  /** Asks the registered handler of a scheme, as Chromium would. */
  async load(url: string, init: RequestInit = {}): Promise<Response> {
    const handler = this.handlers.get(new URL(url).protocol.slice(0, -1));
    if (handler === undefined) throw new Error(`net::ERR_UNKNOWN_URL_SCHEME ${url}`);
    return handler(new Request(url, init));
  }
}
