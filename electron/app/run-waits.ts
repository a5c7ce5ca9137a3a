// Which runs wait for a host that nothing reaches: said of a run wherever it is shown, and told when it changes.
import { FreightlinerError } from "../../shared/errors.ts";
import type { HostStatus } from "../../shared/host.ts";
import type { JobSpec, Run } from "../../shared/run.ts";
import type { Hosts } from "../engine/hosts.ts";
import type { Store } from "../store/store.ts";

type RunSpec = Pick<JobSpec, "sourceId" | "destinationId">;

export interface WorkedOn {
  readonly id: string;
  readonly spec: RunSpec;
}

export interface RunWaitsOptions {
  readonly hosts: Pick<Hosts, "knows" | "outlook" | "status">;
  readonly endpoints: Pick<Store["endpoints"], "get">;
  /** What this process works on. */
  readonly active: () => readonly WorkedOn[];
  /** Tells how it stands with a run. */
  readonly publish: (runId: string) => void;
}

export class RunWaits {
  readonly #options: RunWaitsOptions;
  /** What was told last of each host that is waited for. */
  readonly #told = new Map<string, string>();

  constructor(options: RunWaitsOptions) {
    this.#options = options;
  }

  /** The host that work of this kind would wait for; undefined where it can go on, or would fail. */
  of(spec: RunSpec): Run["waitingFor"] {
    const { hosts } = this.#options;
    for (const host of this.#hostsOf(spec)) {
      if (!hosts.knows(host) || hosts.outlook(host, "run") !== "resting") continue;
      const { failure = "no answer", until } = hosts.status(host);
      return { host, failure, until };
    }
    return undefined;
  }

  /** The run, with the host that it waits for where it does and is worked on here. */
  mark(run: Run): Run {
    if (!this.#options.active().some(({ id }) => id === run.id)) return run;
    const waitingFor = this.of(run.spec);
    return waitingFor === undefined ? run : { ...run, waitingFor };
  }

  /** A host's status was told: its runs are told too, where they begin to wait, go on, or wait for another try. True where they were. */
  hostChanged({ host, failure, until }: HostStatus): boolean {
    const news = failure === undefined ? undefined : `${failure} ${until}`;
    if (this.#told.get(host) === news) return false;
    if (news === undefined) this.#told.delete(host);
    else this.#told.set(host, news);
    const { active, publish } = this.#options;
    for (const { id, spec } of active()) if (this.#hostsOf(spec).includes(host)) publish(id);
    return true;
  }

  /** A folder has none, and neither has an endpoint that was removed meanwhile. */
  #hostsOf({ sourceId, destinationId }: RunSpec): readonly string[] {
    return [sourceId, destinationId].flatMap((id) => {
      try {
        const { settings } = this.#options.endpoints.get(id);
        return settings.kind === "registry" ? [settings.host] : [];
      } catch (thrown) {
        if (thrown instanceof FreightlinerError && thrown.code === "not-found") return [];
        throw thrown;
      }
    });
  }
}
