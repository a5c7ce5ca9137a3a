// What the contract's methods work with, wired once in create-app.
import type { Credentials } from "../credentials/credentials.ts";
import type { SecretKeeper } from "../credentials/secret-box/secret-keeper.ts";
import type { EngineContext } from "../engine/context.ts";
import type { Clock } from "../engine/ports.ts";
import type { Store } from "../store/store.ts";
import type { Backups } from "./backups.ts";
import type { EndpointPool } from "./endpoint-pool.ts";
import type { EventHub } from "./event-hub.ts";
import type { HealthWatch } from "./health-watch.ts";
import type { Importable } from "./importable.ts";
import type { LimitsOfHosts } from "./limits-of-hosts.ts";
import type { Listings } from "./listings.ts";
import type { Log } from "./log.ts";
import type { OpenListings } from "./open-listings.ts";
import type { ProgramLimits } from "./program-limits.ts";
import type { ProgressBoard } from "./progress-board.ts";
import type { RunHistory } from "./run-history.ts";
import type { RunQueue } from "./run-queue.ts";
import type { RunWaits } from "./run-waits.ts";
import type { SampleKeeper } from "./sample-keeper.ts";
import type { SavedJobs } from "./saved-jobs.ts";
import type { TagDetails } from "./tag-details.ts";

export interface Services {
  readonly store: Store;
  readonly credentials: Credentials;
  readonly secrets: SecretKeeper;
  readonly pool: EndpointPool;
  readonly backups: Backups;
  readonly importable: Importable;
  readonly hub: EventHub;
  readonly listings: Listings;
  readonly openListings: OpenListings;
  readonly details: TagDetails;
  readonly health: HealthWatch;
  readonly engine: EngineContext;
  readonly limits: ProgramLimits;
  readonly limitsOfHosts: LimitsOfHosts;
  readonly queue: RunQueue;
  readonly history: RunHistory;
  readonly board: ProgressBoard;
  readonly waits: RunWaits;
  readonly jobs: SavedJobs;
  readonly samples: SampleKeeper;
  readonly clock: Clock;
  readonly log: Log;
}
