// Leases: a process that plans or runs says so in the run's row and renews it, so that another can tell it has died.
import { FreightlinerError } from "../../shared/errors.ts";
import { type RunState, runStateSchema } from "../../shared/run.ts";
import type { Database } from "./database.ts";
import { notFound } from "./row-values.ts";

export interface LeaseOptions {
  readonly owner: string;
  readonly now: () => number;
  readonly leaseMs: number;
  /** True where the owner is known to be dead, so that nobody has to wait for its lease to run out. */
  readonly ownerIsGone: (owner: string) => boolean;
}

export class Leases {
  readonly owner: string;
  readonly leaseMs: number;
  readonly #now: () => number;
  readonly #ownerIsGone: (owner: string) => boolean;
  readonly #database: Database;
  /** What this process believes to hold. */
  readonly #held = new Set<string>();
  readonly #find;
  readonly #extend;
  readonly #extendClaims;

  constructor(database: Database, options: LeaseOptions) {
    this.owner = options.owner;
    this.leaseMs = options.leaseMs;
    this.#now = options.now;
    this.#ownerIsGone = options.ownerIsGone;
    this.#database = database;
    this.#find = database.prepare("SELECT state, lease_owner FROM runs WHERE id = ?");
    this.#extendClaims = database.prepare("UPDATE claims SET expires = ? WHERE owner = ?");
    this.#extend = database.prepare("UPDATE runs SET lease_expires = ? WHERE id = ? AND lease_owner = ?");
  }

  expiry(): number {
    return this.#now() + this.leaseMs;
  }

  /** Called once the transaction that wrote the owner into the row was committed. */
  taken(runId: string): void {
    this.#held.add(runId);
  }

  /** Called where the run was let go in an orderly way. */
  released(runId: string): void {
    this.#held.delete(runId);
  }

  /** True for a planned or running run that nobody works on any more. */
  isAbandoned(row: { readonly id?: unknown; readonly owner?: unknown; readonly expires?: unknown }): boolean {
    const owner = typeof row.owner === "string" ? row.owner : undefined;
    // A lease of our own that ran out while the machine slept is still ours as long as nobody took it.
    if (owner === this.owner && this.#held.has(String(row.id))) return false;
    return this.isOver(row);
  }

  /** True where the lease ran out or its owner is dead. */
  isOver(row: { readonly owner?: unknown; readonly expires?: unknown }): boolean {
    const owner = typeof row.owner === "string" ? row.owner : undefined;
    if (typeof row.expires !== "number" || row.expires <= this.#now()) return true;
    return owner === undefined || this.#ownerIsGone(owner);
  }

  /**
   * The run's state, inside a transaction that then writes for it.
   * @throws `busy` where this owner does not hold the run (any more).
   */
  assertHeld(runId: string): RunState {
    const row = this.#find.get([runId]);
    if (row === undefined) throw notFound("run", runId);
    const state = runStateSchema.parse(row.state);
    if (row.lease_owner === this.owner) return state;
    const why =
      row.lease_owner === null
        ? `it is ${state} and no longer worked on here`
        : "another process took it over";
    throw new FreightlinerError({
      code: "busy",
      operation: "write-journal",
      message: `The run ${runId} cannot be written to: ${why}.`,
    });
  }

  heartbeat(): readonly string[] {
    const lost: string[] = [];
    if (this.#held.size === 0) return lost;
    this.#database.write("heartbeat", () => {
      this.#extendClaims.run([this.expiry(), this.owner]);
      for (const runId of this.#held) {
        if (this.#extend.run([this.expiry(), runId, this.owner]) === 0) lost.push(runId);
      }
    });
    for (const runId of lost) this.#held.delete(runId);
    return lost;
  }
}
