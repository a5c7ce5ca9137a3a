// Tells how it stands with the hosts: at most twice a second each, and as long as something moves.
import type { HostStatus } from "../../shared/host.ts";
import type { Hosts } from "../engine/hosts.ts";
import type { EventHub } from "./event-hub.ts";

/** Milliseconds. */
const interval = 500;

export interface HostsBoardOptions {
  readonly hosts: Hosts;
  readonly hub: Pick<EventHub, "emit">;
  /** Told whatever the hub is told. */
  readonly onTold?: (status: HostStatus) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class HostsBoard {
  readonly #options: HostsBoardOptions;
  readonly #stop: () => void;
  readonly #dirty = new Set<string>();
  readonly #told = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: HostsBoardOptions) {
    this.#options = options;
    this.#stop = options.hosts.onChange((host) => this.#changed(host));
  }

  close(): void {
    this.#closed = true;
    this.#stop();
    clearTimeout(this.#timer);
  }

  #changed(host: string): void {
    if (this.#closed) return;
    this.#dirty.add(host);
    this.#timer ??= setTimeout(() => this.#flush(), interval);
  }

  #flush(): void {
    this.#timer = undefined;
    const hosts = [...this.#dirty];
    this.#dirty.clear();
    for (const host of hosts) {
      const status = this.#options.hosts.status(host);
      this.#tell(status);
      // Speeds fall and waits end without anybody saying so.
      if (this.#moves(status)) this.#changed(host);
    }
  }

  #tell(status: HostStatus): void {
    const text = JSON.stringify(status);
    if (this.#told.get(status.host) === text) return;
    this.#told.set(status.host, text);
    this.#options.hub.emit("host.changed", status);
    this.#options.onTold?.(status);
  }

  #moves({ bulk, small, waiting, bytesPerSecond, until }: HostStatus): boolean {
    if (bulk + small + waiting > 0 || bytesPerSecond > 0) return true;
    return until !== null && until > this.#options.now();
  }
}
