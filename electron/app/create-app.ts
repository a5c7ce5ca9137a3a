// The only wiring place: builds store, endpoints, engine and contract, and hands out the door to them.

import { join } from "node:path";
import { ContractClient } from "../../shared/client.ts";
import type { Capabilities } from "../../shared/contract.ts";
import type { UpdateStatus } from "../../shared/update.ts";
import type { WindowCommand } from "../../shared/window-command.ts";
import type { FramePipe, HostFrame } from "../../shared/wire.ts";
import { thisMachine } from "../credentials/cloud/hints.ts";
import { createCloudIdentities } from "../credentials/cloud/identities.ts";
import { Credentials } from "../credentials/credentials.ts";
import type { SecretCipher } from "../credentials/secret-box/keychain-box.ts";
import type { SecretKeeper } from "../credentials/secret-box/secret-keeper.ts";
import { systemClock } from "../engine/clock.ts";
import { createEngineContext } from "../engine/context.ts";
import { CloudCalls } from "../registry/cloud-calls.ts";
import { openStore } from "../store/open.ts";
import { createApi } from "./api.ts";
import { tidyArchives } from "./archive-folders.ts";
import { BackupFolder, Backups } from "./backups.ts";
import type { Config } from "./config.ts";
import { makeFolder } from "./data-folder.ts";
import { auditDelete } from "./delete-audit.ts";
import type { Desk } from "./desk.ts";
import { directPipe } from "./direct-pipe.ts";
import { serveClient } from "./dispatch.ts";
import { EndpointPool } from "./endpoint-pool.ts";
import { EventHub } from "./event-hub.ts";
import { HealthWatch } from "./health-watch.ts";
import { HostsBoard } from "./hosts-board.ts";
import { Importable } from "./importable.ts";
import { LimitsOfHosts } from "./limits-of-hosts.ts";
import { Listings } from "./listings.ts";
import type { Log } from "./log.ts";
import { Metrics } from "./metrics.ts";
import { OpenListings } from "./open-listings.ts";
import { OtherProcesses } from "./other-processes.ts";
import { isGone, thisProcess } from "./process-identity.ts";
import { ProgramLimits } from "./program-limits.ts";
import { ProgressBoard } from "./progress-board.ts";
import { ProxySignIns } from "./proxy-sign-ins.ts";
import { networkOf } from "./registry-network.ts";
import { RetryNews } from "./retry-news.ts";
import { RunHistory } from "./run-history.ts";
import { RunQueue } from "./run-queue.ts";
import { RunWaits } from "./run-waits.ts";
import { SampleKeeper, samplesFolder } from "./sample-keeper.ts";
import { SavedJobs } from "./saved-jobs.ts";
import { Schedules } from "./schedules.ts";
import { SecretNews } from "./secret-news.ts";
import { openSecretStorage } from "./secret-storage.ts";
import type { Services } from "./services.ts";
import { SignInsElsewhere } from "./sign-ins-elsewhere.ts";
import { SignedIn } from "./signed-in.ts";
import { TagDetails } from "./tag-details.ts";
import { version } from "./version.ts";

export interface AppOptions {
  readonly face: "desktop" | "web" | "cli";
  readonly config: Config;
  readonly log: Log;
  /** What the face can do beside the engine's work; nothing where it is left out. */
  readonly can?: Capabilities["can"];
  /** The desktop around it, where there is one. */
  readonly desk?: Desk;
  /** The desktop's keychain, where there is one. */
  readonly cipher?: SecretCipher;
  /** Where better-sqlite3's addon lies, in a packaged program. */
  readonly nativeBinding?: string;
}

/** Milliseconds after the start: a backup, or a history that is cleared, would hold up the window's first contents. */
const tidyAfter = 2_000;

/** What a face without a desktop around it can do. */
const nothing: Capabilities["can"] = {
  notify: false,
  badge: false,
  tray: false,
  keepAwake: false,
  menus: false,
  openFolders: false,
  filePaths: false,
  deepLinks: false,
  updates: false,
};

export interface Readiness {
  readonly ready: boolean;
  /** Each part by name: "ok", or what is wrong with it. */
  readonly checks: Readonly<Record<string, string>>;
}

export interface App {
  /** Serves one client over any transport until the pipe closes. */
  connect(pipe: FramePipe<HostFrame>): void;
  /** A client in the same process. */
  connectDirect(): ContractClient;
  /** Asks every window for something, as a menu, the tray or a notification does. */
  sendCommand(command: WindowCommand): void;
  /** So many deep links wait for a window to take them. */
  linkWaiting(waiting: number): void;
  updateChanged(status: UpdateStatus): void;
  readonly activeRuns: number;
  /** Called whenever the number of running runs changes; returns how to stop that. */
  onActivity(listener: (active: number) => void): () => void;
  readiness(): Promise<Readiness>;
  /** Prometheus text. */
  metrics(): Promise<string>;
  /** Pauses all that runs because of a shutdown; everything can be resumed. */
  pauseAll(): Promise<void>;
  /** Pauses what runs, then lets go of every handle. */
  close(): Promise<void>;
}

/** @throws FreightlinerError `store` or `configuration` where the data folder or database cannot be used. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, face, log, nativeBinding } = options;
  makeFolder(config.home);
  const databaseFile = join(config.home, "freightliner.db");
  const backupFolder = new BackupFolder({ home: config.home, now: () => systemClock.now(), nativeBinding });
  if (face !== "cli") restoreBackup(backupFolder, databaseFile, log);
  const store = openStore({
    file: databaseFile,
    backupFile: () => backupFolder.begin("-before-update").file,
    owner: thisProcess(),
    ownerIsGone: isGone,
    now: () => systemClock.now(),
    ...(nativeBinding === undefined ? {} : { nativeBinding }),
  });
  if (store.quarantined !== null)
    log.error({ file: store.quarantined }, "the database was damaged and was moved aside");

  const hub = new EventHub((error) => log.error({ err: error }, "a client's transport failed"));
  const board = new ProgressBoard({ hub, monotonic: () => systemClock.monotonic() });
  const secretNews = new SecretNews({
    keeper: () => secrets,
    store,
    hub,
    queue: () => queue,
    publish: (stored) => hub.emit("endpoint.changed", pool.describe(stored)),
    resumes: face !== "cli",
    log,
  });
  const secrets: SecretKeeper = await openSecretStorage({
    store,
    config,
    cipher: options.cipher,
    now: () => systemClock.now(),
    log,
    onChange: () => secretNews.changed(),
    onLocked: () => pool.forgetPasswords(),
  });
  const { surroundings } = config;
  const proxySignIns = new ProxySignIns(secrets);
  const networks = { surroundings, proxySignIns };
  const credentials = new Credentials({
    box: secrets,
    dockerConfigFile: config.dockerConfigFile,
    podmanAuthFiles: config.podmanAuthFiles,
    environment: config.environment,
    helperPath: config.helperPath,
    clouds: createCloudIdentities({
      machine: thisMachine(config.environment),
      network: ({ id, registry }) =>
        new CloudCalls({
          settings: registry,
          network: networkOf(networks, id, registry),
          log: (entry) => log.debug(entry, "request"),
        }),
    }),
    onChanged: (id) => {
      const stored = store.endpoints.list().find((endpoint) => endpoint.id === id);
      if (stored !== undefined) hub.emit("endpoint.changed", pool.describe(stored));
    },
  });
  const listings = new Listings(() => systemClock.now());
  const openListings = new OpenListings();
  const metrics = new Metrics();
  const retries = new RetryNews({
    get: (runId) => store.runs.get(runId),
    publish: (run) => hub.emit("run.changed", waits.mark(run)),
    now: () => systemClock.now(),
  });
  const engine = createEngineContext({
    journal: store.journal,
    clock: systemClock,
    transfer: config.transfer,
    patience: { breaker: { outage: config.retryFor } },
    listener: {
      imageChanged: (image) => {
        auditDelete(log, image);
        hub.emit("image.changed", image);
      },
      progress: (progress) => board.report(progress),
      retried: (runId, error) => retries.retried(runId, error),
    },
  });
  const limitsOfHosts = new LimitsOfHosts(store.settings, log);
  const pool = new EndpointPool({
    networks,
    home: config.home,
    store,
    credentials,
    hosts: engine.hosts,
    limitsOf: (host) => limitsOfHosts.of(host),
    userAgent: `freightliner/${version}`,
    clock: systemClock,
    log,
  });
  const waits: RunWaits = new RunWaits({
    hosts: engine.hosts,
    endpoints: store.endpoints,
    active: () => queue.workedOn,
    publish: (runId) => hub.emit("run.changed", waits.mark(store.runs.get(runId))),
  });
  const hostsBoard = new HostsBoard({
    hosts: engine.hosts,
    hub,
    now: () => systemClock.now(),
    onTold: (status) => {
      if (waits.hostChanged(status)) queue.look();
    },
  });
  const limits = new ProgramLimits({
    settings: store.settings,
    bandwidth: engine.bandwidth,
    now: () => new Date(systemClock.now()),
    log,
  });
  const queue = new RunQueue({
    store,
    pool,
    engine,
    hub,
    board,
    log,
    takesAny: face !== "cli",
    room: limits,
    waits,
    onStarted: (run) => {
      metrics.knowRun(run);
      signedIn.runStarted(run);
    },
    onFinished: (run) => {
      signedIn.runEnded(run);
      metrics.countRun(run);
      listings.forget(run.destination.id);
    },
  });
  const signedIn = new SignedIn({
    store,
    resume: (runId) => queue.resume(runId),
    resumes: face !== "cli",
    log,
  });
  const signInsElsewhere = new SignInsElsewhere({
    store,
    onChanged: (id) => {
      credentials.changedElsewhere(id);
      pool.retire(id);
      listings.forget(id);
      const stored = store.endpoints.list().find((endpoint) => endpoint.id === id);
      if (stored === undefined) return;
      // How much is saved is part of what is told of the place of secrets; of every endpoint it tells, too.
      secretNews.changed();
      const { source } = pool.describe(stored).credential;
      // It may have been a logout: what runs does not go on with what came of the old password.
      if (source !== "saved") pool.forgetPasswords();
      if (source !== "none") signedIn.changed(id);
    },
    log,
  });
  const now = (): number => systemClock.now();
  limits.onChange((changed) => hub.emit("limits.changed", changed));
  const backups = new Backups({ store, folder: backupFolder, now, log });
  const others = new OtherProcesses({ store, hub, log });
  const history = new RunHistory({ store, hub, log, now });
  const jobs = new SavedJobs({ store, hub, queue, log, now });
  const schedules = new Schedules({ store, jobs, queue, log, now });
  const samples = new SampleKeeper({
    store,
    folder: samplesFolder(config.home),
    onChanged: (stored) => {
      pool.retire(stored.id);
      listings.forget(stored.id);
      hub.emit("endpoint.changed", pool.describe(stored));
    },
  });
  const services: Services = {
    config,
    store,
    credentials,
    proxySignIns,
    surroundings,
    secrets,
    pool,
    backups,
    importable: new Importable({ store, config }),
    hub,
    listings,
    openListings,
    details: new TagDetails(),
    health: new HealthWatch({
      store,
      now: () => systemClock.now(),
      publish: (stored) => hub.emit("endpoint.changed", pool.describe(stored)),
    }),
    engine,
    limits,
    limitsOfHosts,
    queue,
    history,
    board,
    signedIn,
    signInsElsewhere,
    waits,
    jobs,
    samples,
    clock: systemClock,
    log,
  };
  const capabilities: Capabilities = {
    face,
    version,
    platform: process.platform,
    dataFolder: config.home,
    can: options.can ?? nothing,
  };
  const api = createApi(services, capabilities, options.desk);
  if (face !== "cli" && samples.wanted) {
    // A full disk or a lost folder must not keep people from their own registries; the samples show as unreachable.
    await samples
      .start()
      .catch((error: unknown) => log.error({ err: error }, "the sample registries did not start"));
  }
  limits.open();
  queue.open();
  secretNews.open();
  // The command line runs what it was told to, and ends.
  if (face !== "cli") {
    schedules.open();
    others.open();
    signInsElsewhere.open();
  }
  // Who ends before then leaves it to the next start, and the command line to the hosts.
  const tidy = (): void => {
    history.open();
    backups.open();
    void tidyArchives(config.home, log);
  };
  const tidying = face === "cli" ? undefined : setTimeout(tidy, tidyAfter).unref();

  const connect = (pipe: FramePipe<HostFrame>): void => serveClient(pipe, { api, hub, log });
  return {
    connect,
    connectDirect: () => {
      const { client, host } = directPipe();
      connect(host);
      return new ContractClient(client);
    },
    sendCommand: (command) => hub.emit("window.command", command),
    linkWaiting: (waiting) => hub.emit("link.waiting", { waiting }),
    updateChanged: (status) => hub.emit("update.changed", status),
    get activeRuns() {
      return queue.active;
    },
    onActivity: (listener) => queue.onActivity(listener),
    readiness: async () => {
      const database = store.integrity();
      return { ready: database === "ok", checks: { database } };
    },
    metrics: async () =>
      metrics.render(
        queue.active,
        engine.hosts.list().map((status) => ({ ...status, ...engine.hosts.counts(status.host) })),
      ),
    pauseAll: () => queue.pauseAll(),
    close: async () => {
      clearTimeout(tidying);
      schedules.close();
      history.close();
      others.close();
      signInsElsewhere.close();
      try {
        secretNews.close();
        await queue.close();
        await samples.close();
        openListings.close();
        await pool.close();
        await backups.close();
      } finally {
        board.close();
        hostsBoard.close();
        limits.close();
        retries.close();
        hub.close();
        metrics.close();
        secrets.close();
        store.close();
      }
    },
  };
}

/** A backup that cannot be used is told, and the database stays as it is. */
function restoreBackup(folder: BackupFolder, file: string, log: Log): void {
  try {
    const name = folder.restoreMarked(file);
    if (name !== undefined) log.warn({ name }, "put a backup in the place of the database");
  } catch (error) {
    log.error({ err: error }, "the backup could not be put back");
  }
}
