// A host for the app's one connection that answers calls from a table, keeps what was asked, and tells events.
import { connection } from "../../../renderer/api/client.ts";
import type {
  Capabilities,
  EventData,
  EventName,
  MethodName,
  MethodParams,
} from "../../../shared/contract.ts";
import { toFreightlinerError, toWire } from "../../../shared/errors.ts";
import type { ClientFrame, FramePipe } from "../../../shared/wire.ts";

/** What the scripted face can do: nothing of a desktop's. */
export const capabilities: Capabilities = {
  face: "web",
  version: "1",
  platform: "test",
  dataFolder: "/data",
  can: {
    notify: false,
    badge: false,
    tray: false,
    keepAwake: false,
    menus: false,
    openFolders: false,
    filePaths: false,
    deepLinks: false,
    updates: false,
  },
};

type Answer = (params: never) => unknown;
export interface Asked {
  readonly method: string;
  readonly params: unknown;
}

export class ScriptedHost {
  readonly asked: Asked[] = [];
  readonly #answers = new Map<string, Answer>();
  #deliver: (frame: unknown) => void = () => undefined;
  #seq = 0;

  constructor() {
    this.answer("app.hello", () => capabilities);
    const pipe: FramePipe<ClientFrame> = {
      send: (frame) => this.#receive(frame),
      onFrame: (listener) => {
        this.#deliver = listener;
      },
      onClose: () => undefined,
      close: () => undefined,
    };
    connection.start({ open: () => Promise.resolve(pipe) });
  }

  answer<M extends MethodName>(method: M, answer: (params: MethodParams<M>) => unknown): void {
    this.#answers.set(method, answer as Answer);
  }

  tell<E extends EventName>(name: E, data: EventData<E>): void {
    this.#deliver({ t: "event", seq: ++this.#seq, name, data });
  }

  /** The parameters of every call of a method, oldest first. */
  calls(method: MethodName): readonly unknown[] {
    return this.asked.filter((call) => call.method === method).map((call) => call.params);
  }

  #receive(frame: ClientFrame): void {
    if (frame.t !== "call") return;
    this.asked.push({ method: frame.method, params: frame.params });
    const answer = this.#answers.get(frame.method);
    if (answer === undefined) {
      queueMicrotask(() => this.#deliver({ t: "error", id: frame.id, error: unscripted(frame.method) }));
      return;
    }
    const value = answer(frame.params as never);
    const deliver = (told: unknown): void => this.#deliver({ t: "result", id: frame.id, value: told });
    const refuse = (thrown: unknown): void =>
      this.#deliver({ t: "error", id: frame.id, error: toWire(toFreightlinerError(thrown, frame.method)) });
    if (value instanceof Promise) void value.then(deliver, refuse);
    else queueMicrotask(() => deliver(value));
  }
}

function unscripted(method: string): unknown {
  return {
    code: "internal",
    side: "local",
    operation: method,
    message: `no answer to ${method} is scripted`,
    retryable: false,
    causes: [],
  };
}
