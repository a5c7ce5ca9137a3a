// Saved endpoints as things that can be read from and written to, opened once and shared by all jobs.
import type { CheckStep, CredentialFacts, Endpoint, EndpointSettings } from "../../shared/endpoint.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { archiveRepositoryName } from "../../shared/layout-name.ts";
import type { RunEnd } from "../../shared/run.ts";
import { type CredentialOwner, noCredential } from "../credentials/credential-source.ts";
import type { Credentials } from "../credentials/credentials.ts";
import type { CredentialProvider } from "../engine/credential.ts";
import type { HostLimits, Hosts } from "../engine/hosts.ts";
import type { Clock, ImageEndpoint, ImageSource } from "../engine/ports.ts";
import { ImageArchive } from "../layout/archive.ts";
import { OciLayout } from "../layout/layout.ts";
import type { ProbeFindings, ProbeOptions } from "../registry/probe.ts";
import { Registry, type RegistryLacks } from "../registry/registry.ts";
import type { Store, StoredEndpoint } from "../store/store.ts";
import { workFolderOf } from "./archive-folders.ts";
import { lacksOf } from "./found-capabilities.ts";
import type { Log } from "./log.ts";
import { openMirrors } from "./open-mirrors.ts";
import { networkOf, type RegistryNetworks } from "./registry-network.ts";
import { placeOf } from "./run-names.ts";

export interface EndpointCheckOptions {
  /** Told of each step when it ends. */
  readonly onStep?: (step: CheckStep) => void;
  /** Rights are looked at there; the first that is listed where it is not said. */
  readonly repository?: string | undefined;
}

/** What the program needs of an endpoint beside the engine's ports. */
export interface OpenEndpoint extends ImageEndpoint {
  check(signal: AbortSignal, options?: EndpointCheckOptions): Promise<CheckStep[]>;
  /** Finds out what it can do; registries only. */
  probe?(options: ProbeOptions, signal: AbortSignal): Promise<ProbeFindings>;
  /** Forgets a password that it was given, and what came of it; registries only. */
  forgetPassword?(): void;
  close(): Promise<void>;
}

export interface EndpointPoolOptions {
  /** The data folder: archives are unpacked in it. */
  readonly home: string;
  readonly store: Store;
  readonly credentials: Credentials;
  readonly networks: RegistryNetworks;
  /** Told how many requests at once each host allows. */
  readonly hosts: Hosts;
  /** Limits of a host that were set by hand: stronger than its settings. */
  readonly limitsOf?: (host: string) => HostLimits;
  readonly userAgent: string;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

interface SavedAs {
  /** Of the saved endpoint whose proxy's sign-in counts. */
  readonly id?: string | undefined;
  readonly lacks?: RegistryLacks | undefined;
}

/** As many as settings and adjusting allow; per host and direction. */
const mostConnections = 64;

export class EndpointPool {
  readonly #options: EndpointPoolOptions;
  readonly #open = new Map<string, Promise<OpenEndpoint>>();
  /** Registries with mirrors, as they are read from; forgotten with the endpoint that they stand for. */
  readonly #mirrored = new WeakMap<OpenEndpoint, ImageSource>();
  /** Replaced while jobs may still use them; closed with the pool. */
  readonly #retired: Promise<OpenEndpoint>[] = [];

  constructor(options: EndpointPoolOptions) {
    this.#options = options;
  }

  /** @throws FreightlinerError `not-found` for an unknown id, and what opening a folder may throw. */
  get(id: string): Promise<OpenEndpoint> {
    const known = this.#open.get(id);
    if (known !== undefined) return known;
    const stored = this.#options.store.endpoints.get(id);
    const { settings } = stored;
    const lacks = lacksOf(stored, this.#options.clock.now());
    const opened = this.openUnsaved(settings, this.credentialsOf(id, settings), true, { id, lacks });
    this.#open.set(id, opened);
    opened.then(
      (endpoint) => this.#limit(endpoint, stored.settings),
      // One that could not be opened is tried anew by the next caller.
      () => this.#open.delete(id),
    );
    return opened;
  }

  /** To read images from: a registry whose settings name mirrors is read through them. @throws as `get`, and `configuration`. */
  async source(id: string): Promise<ImageSource> {
    const { settings } = this.#options.store.endpoints.get(id);
    const origin = await this.get(id);
    if (settings.kind !== "registry" || settings.mirrors === undefined || settings.mirrors.length === 0)
      return origin;
    const known = this.#mirrored.get(origin);
    if (known !== undefined) return known;
    const { log } = this.#options;
    const source = openMirrors({
      origin,
      settings,
      open: (mirror) => {
        const registry = this.#registry(mirror, this.credentialsOf(`mirror:${mirror.host}`, mirror), { id });
        this.#retired.push(Promise.resolve(registry));
        return registry;
      },
      onNews: ({ error, ...news }) =>
        error === null
          ? log.debug(news, "read from a mirror")
          : log.info({ ...news, code: error.code, reason: error.message }, "a mirror did not serve"),
    });
    this.#mirrored.set(origin, source);
    return source;
  }

  /** @throws FreightlinerError `forbidden` for an endpoint that is marked as read-only; `not-found`. */
  assertWritable(id: string, operation: string): void {
    const { name, settings } = this.#options.store.endpoints.get(id);
    if (settings.readOnly !== true) return;
    throw new FreightlinerError({
      code: "forbidden",
      side: "destination",
      operation,
      message: `"${name}" is marked as read-only in Freightliner: nothing is written or deleted there. Change that in its settings.`,
      retryable: false,
    });
  }

  #limit(endpoint: OpenEndpoint, settings: EndpointSettings): void {
    if (settings.kind !== "registry") return;
    const { connections, adaptive = true, bandwidth = null } = settings;
    const byHand = this.#options.limitsOf?.(endpoint.host);
    this.#options.hosts.configure(endpoint.host, { connections, adaptive, bandwidth, ...byHand });
  }

  /** Opens settings that are not saved; the caller closes it. */
  async openUnsaved(
    settings: EndpointSettings,
    credentials: CredentialProvider,
    create: boolean,
    saved: SavedAs = {},
  ): Promise<OpenEndpoint> {
    if (settings.kind === "layout") return OciLayout.open({ path: settings.path, create });
    if (settings.kind === "archive") return this.#archive(settings, create);
    return this.#registry(settings, credentials, saved);
  }

  #registry(
    settings: EndpointSettings & { kind: "registry" },
    credentials: CredentialProvider,
    { id, lacks }: SavedAs,
  ): Registry {
    const { log, userAgent, hosts, networks } = this.#options;
    return new Registry({
      network: networkOf(networks, id, settings),
      lacks,
      // The hosts' slots bound the requests, and follow while they run; connections that are open cannot.
      settings: { ...settings, connections: mostConnections },
      credentials,
      userAgent,
      log: (entry) => log.debug(entry, "request"),
      onQuota: ({ figures, resetsInMs }) => hosts.learnQuota(settings.host, figures, resetsInMs),
    });
  }

  #archive(
    { path, format, readOnly }: EndpointSettings & { kind: "archive" },
    create: boolean,
  ): ImageArchive {
    return new ImageArchive({
      path,
      format,
      workFolder: workFolderOf(this.#options.home, path),
      repository: archiveRepositoryName(path),
      create: create && readOnly !== true,
    });
  }

  /** Nobody uses it any more: it is closed at once. Never throws. */
  async discard(id: string): Promise<void> {
    const old = this.#open.get(id);
    this.#open.delete(id);
    // One that never opened has nothing to close.
    await old?.then((endpoint) => endpoint.close()).catch(() => undefined);
  }

  /** Settings changed: the next caller gets a new one, running jobs finish on the old one. */
  retire(id: string): void {
    const old = this.#open.get(id);
    this.#open.delete(id);
    if (old !== undefined) this.#retired.push(old);
  }

  /** The place of secrets was locked: what it gave out is in no open registry any more, also where a run works with it. */
  forgetPasswords(): void {
    for (const opened of [...this.#open.values(), ...this.#retired])
      opened.then(
        (endpoint) => endpoint.forgetPassword?.(),
        // One that never opened was given nothing.
        () => undefined,
      );
  }

  async close(): Promise<void> {
    const all = [...this.#open.values(), ...this.#retired];
    this.#open.clear();
    this.#retired.length = 0;
    // One that never opened has nothing to close.
    await Promise.allSettled(all.map(async (endpoint) => (await endpoint).close()));
  }

  /** Whoever signs in there with these settings. */
  credentialsOf(id: string, settings: EndpointSettings): CredentialProvider {
    const owner = credentialOwner(id, settings);
    return owner === undefined ? anonymous : this.#options.credentials.provider(owner);
  }

  /** The endpoint as faces see it: without any secret. */
  describe(stored: StoredEndpoint): Endpoint {
    return {
      id: stored.id,
      name: stored.name,
      settings: stored.settings,
      credential: this.#credentialFacts(stored),
      capabilities: stored.capabilities,
      health: stored.health,
      sample: stored.sample,
      temporary: stored.temporary,
    };
  }

  #credentialFacts({ id, settings, username }: StoredEndpoint): CredentialFacts {
    const owner = credentialOwner(id, settings);
    const facts = owner === undefined ? noCredential : this.#options.credentials.describe(owner);
    // Whose it is was kept when it was entered; a box of secrets does not say it while it is locked.
    const ours = facts.source === "none" || facts.source === "entered" || facts.source === "saved";
    return { ...facts, username: facts.username ?? (ours ? username : null) };
  }
}

const anonymous: CredentialProvider = { get: async () => undefined };

/** Whose credential is looked for; a folder has none. */
export function credentialOwner(id: string, settings: EndpointSettings): CredentialOwner | undefined {
  return settings.kind === "registry" ? { id, registry: settings } : undefined;
}

/** What a run remembers of its two ends, so that history is readable after an endpoint is gone. */
export function runEnd({ id, name, settings }: StoredEndpoint): RunEnd {
  return { id, name, ...placeOf(settings) };
}
