// Errors that nobody caught: they go to the log, and the first exception asks the host to stop in order.
import { FreightlinerError } from "../../shared/errors.ts";
import type { HostLog } from "./hosted-app.ts";

type Source = Pick<NodeJS.EventEmitter, "on" | "off">;

export class Fault {
  /** Resolves at the first exception; never without one. */
  readonly met: Promise<void>;
  /** Ends the listening. */
  readonly forget: () => void;
  #cause: { readonly error: unknown } | undefined;

  constructor(source: Source, log: HostLog) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.met = promise;
    const onException = (error: unknown): void => {
      log.error({ err: error }, "an error that nobody caught");
      this.#cause ??= { error };
      resolve();
    };
    // What nobody awaited leaves nothing half-changed behind: whoever changes state awaits it. So the host stays.
    const onRejection = (error: unknown): void =>
      log.error({ err: error }, "a promise that nobody awaited failed");
    source.on("uncaughtException", onException);
    source.on("unhandledRejection", onRejection);
    this.forget = () => {
      source.off("uncaughtException", onException);
      source.off("unhandledRejection", onRejection);
    };
  }

  /** @throws FreightlinerError `internal` where there was an exception. */
  rethrow(logFile: string): void {
    if (this.#cause === undefined) return;
    throw new FreightlinerError({
      code: "internal",
      operation: "serve",
      message: `Freightliner met an error of its own and stopped; what ran was paused. Details are in ${logFile}.`,
      cause: this.#cause.error,
    });
  }
}
