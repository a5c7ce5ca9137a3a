// A container registry as a source and a destination: https://github.com/opencontainers/distribution-spec
import type { Readable } from "node:stream";
import type { Descriptor } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import type { CheckStep, PlainHttp, RegistrySettings } from "../../shared/endpoint.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { isHost, parseRepositoryName } from "../../shared/reference.ts";
import type { CredentialProvider } from "../engine/credential.ts";
import type {
  CallOptions,
  HasBlobOptions,
  ImageEndpoint,
  Manifest,
  ManifestHead,
  OpenBlobOptions,
  OpenedBlob,
  PutManifestResult,
  Reference,
  UploadSession,
} from "../engine/ports.ts";
import { bareHost } from "./addresses.ts";
import { Authenticator } from "./auth.ts";
import { hasBlob, openBlob } from "./blobs.ts";
import { type CheckOptions, checkRegistry } from "./check.ts";
import { logged, RegistryClient } from "./client.ts";
import { CloudCalls } from "./cloud-calls.ts";
import { withoutEchoes } from "./echoes.ts";
import { tellingEndedSignIns } from "./ended-sign-ins.ts";
import { Http } from "./http.ts";
import { type Deadlines, defaultDeadlines } from "./limits.ts";
import { type ListingContext, lacksRepository, listRepositories, listTags } from "./listings.ts";
import { deleteManifest, getManifest, headManifest, type ManifestContext, putManifest } from "./manifests.ts";
import type { RegistryNetwork } from "./network/connections.ts";
import { type ProbeFindings, type ProbeOptions, probeRegistry } from "./probe.ts";
import { ExchangedCredentials } from "./providers/exchanged.ts";
import { providerOf, quirksOf } from "./providers/known-providers.ts";
import type { Provider, ProviderContext } from "./providers/provider.ts";
import { createVendorApi, type VendorApi } from "./providers/vendor-api.ts";
import { type QuotaNews, watchingQuota } from "./quota.ts";
import type { RequestLogEntry } from "./redact.ts";
import { listReferrers } from "./referrers.ts";
import { SentSecrets } from "./sent-secrets.ts";
import { SharedWork } from "./shared-work.ts";
import { Uploads } from "./uploads.ts";

export interface RegistryOptions {
  readonly settings: RegistrySettings;
  readonly credentials: CredentialProvider;
  readonly userAgent: string;
  readonly log?: (entry: RequestLogEntry) => void;
  /** Told what the registry says of its pull limit, with every answer that says it. */
  readonly onQuota?: (news: QuotaNews) => void;
  readonly deadlines?: Partial<Deadlines>;
  /** Proxies and certs.d folders of this machine; without it none count. */
  readonly network?: RegistryNetwork | undefined;
  /** What an earlier probe found not to work there. */
  readonly lacks?: RegistryLacks | undefined;
}

export interface RegistryLacks {
  readonly mounts: boolean;
  /** Why nothing is deleted, in one sentence; undefined where that is not known. */
  readonly deletes: string | undefined;
}

export class Registry implements ImageEndpoint {
  /** `host[:port]` as entered. */
  readonly host: string;
  readonly mounts: boolean;
  readonly parts: boolean;
  readonly #options: RegistryOptions;
  readonly #provider: Provider | undefined;
  readonly #looksWithPush: boolean;
  readonly #vendorApi: VendorApi;
  readonly #making = new SharedWork<boolean>();
  readonly #http: Http;
  readonly #auth: Authenticator;
  readonly #sent: SentSecrets;
  #exchanged: ExchangedCredentials | undefined;
  readonly #client: RegistryClient;
  readonly #uploads: Uploads;
  readonly #listing: ListingContext;
  readonly #manifests: ManifestContext;

  /** @throws FreightlinerError `configuration` for a host that is none. Connects to nothing yet. */
  constructor(options: RegistryOptions) {
    const { settings, userAgent, log } = options;
    const { host } = settings;
    if (!isHost(host) || !URL.canParse(`https://${host}/`)) {
      throw new FreightlinerError({
        code: "configuration",
        operation: "open-registry",
        message: `"${host.slice(0, 300)}" is not a registry address; host or host:port was expected.`,
      });
    }
    const deadlines = { ...defaultDeadlines, ...options.deadlines };
    this.#provider = providerOf(settings);
    const quirks = quirksOf(settings);
    const apiHost = quirks.apiHost ?? host;
    this.host = host;
    this.mounts = quirks.mounts && options.lacks?.mounts !== true;
    this.parts = quirks.parts === "probe";
    this.#looksWithPush = quirks.looksWithPush;
    this.#options = options;
    // Who is named as the vendor's API gets the sign-in in any case, and is trusted as entered like the registry itself.
    const apiUrl = settings.apiUrl === undefined ? undefined : new URL(settings.apiUrl);
    this.#http = new Http({
      host: apiHost,
      certHost: host,
      entered: apiUrl === undefined ? [] : [bareHost(apiUrl)],
      settings,
      network: options.network,
      connections: settings.connections,
      deadlines,
    });
    const { hostname } = new URL(`https://${apiHost}/`);
    const { smallBodyMs: deadlineMs } = deadlines;
    this.#sent = new SentSecrets(apiHost);
    const plain = withoutEchoes(logged(this.#http, this.#logger(log)), this.#sent);
    const telling = quirks.deniesEndedSignIns ? tellingEndedSignIns(plain, { hostname, deadlineMs }) : plain;
    const transport = watchingQuota(telling, { hostname, onQuota: options.onQuota });
    const vendorApi = createVendorApi({ transport, userAgent, deadlineMs: deadlines.smallBodyMs });
    this.#vendorApi = { ask: (request) => this.#sent.quietly(() => vendorApi.ask(request)) };
    this.#auth = new Authenticator({
      host,
      transport,
      credentials: this.#exchanging(options.credentials),
      tokenHost: quirks.tokenHost,
      trustedTokenHosts: [...settings.trustedTokenHosts, ...(apiUrl === undefined ? [] : [apiUrl.host])],
      userAgent,
      deadlines,
      now: () => performance.now(),
    });
    this.#client = new RegistryClient({
      ping: { host: apiHost, plainHttp: plainHttpOf(settings), userAgent, deadlineMs },
      deadlines,
      auth: this.#auth,
      transport,
      sent: this.#sent,
    });
    this.#uploads = new Uploads(this.#client, deadlines, {
      largestPart: quirks.largestPart,
      makeRepository: (repository, signal) => this.#makeRepository(repository, signal),
    });
    const { pageSize, opaquePages, asksForCatalog, asksForDelete, forbidsStandingTags } = quirks;
    this.#listing = { client: this.#client, host, pageSize, opaquePages, asksForCatalog, deadlineMs };
    this.#manifests = { client: this.#client, deadlineMs, asksForDelete, forbidsStandingTags };
  }

  /** Steps from the name to referrers, in order; changes nothing at the registry. Throws only the signal's reason. */
  async check(signal: AbortSignal, { onStep, repository }: CheckOptions = {}): Promise<CheckStep[]> {
    const { credentials, settings } = this.#options;
    const { deadlineMs } = this.#listing;
    const { insecureSkipVerify } = settings;
    const apiHost = quirksOf(settings).apiHost ?? this.host;
    return checkRegistry(
      {
        ...{ client: this.#client, auth: this.#auth, credentials, apiHost, host: this.host },
        ...{ insecureSkipVerify, deadlineMs, onStep, repository, way: this.#http },
        scheme: settings.plainHttp === "always" ? "http" : "https",
        looksWithPush: this.#looksWithPush,
        listRepositories: (inner) => this.listRepositories({ signal: inner }),
        listTags: (name, inner) => this.listTags(name, { signal: inner }),
      },
      signal,
    );
  }

  /**
   * Finds out what the registry can do; writes only where `write` says so. @throws where it is not reached, or is none.
   * `invalid-reference` for a repository that it cannot have.
   */
  async probe(options: ProbeOptions, signal: AbortSignal): Promise<ProbeFindings> {
    const { credentials, settings } = this.#options;
    if (options.repository !== undefined) this.#name(options.repository);
    return probeRegistry(
      {
        ...{ client: this.#client, auth: this.#auth, credentials, host: this.host, registry: this },
        ...{ deadlineMs: this.#listing.deadlineMs, looksWithPush: this.#looksWithPush },
        provider: this.#provider?.id,
        mounts: quirksOf(settings).mounts,
        listRepositories: (inner) => this.listRepositories({ signal: inner }),
        deleteManifest: (name, reference, inner) => this.#delete(name, reference, inner),
      },
      options,
      signal,
    );
  }

  async *listRepositories({ signal }: CallOptions): AsyncGenerator<readonly string[]> {
    const own = this.#provider?.listRepositories;
    if (own === undefined) yield* listRepositories(this.#listing, signal);
    else yield* own(await this.#context(signal), signal);
  }

  listTags(repository: string, options: CallOptions): AsyncIterable<readonly string[]> {
    return listTags(this.#listing, this.#name(repository), options.signal);
  }

  async lacksRepository(repository: string, options: CallOptions): Promise<boolean> {
    return lacksRepository(this.#client, this.#name(repository), options.signal);
  }

  async headManifest(
    repository: string,
    reference: Reference,
    options: CallOptions,
  ): Promise<ManifestHead | undefined> {
    return headManifest(this.#manifests, {
      repository: this.#name(repository),
      reference,
      signal: options.signal,
    });
  }

  async getManifest(repository: string, reference: Reference, options: CallOptions): Promise<Manifest> {
    return getManifest(this.#manifests, {
      repository: this.#name(repository),
      reference,
      signal: options.signal,
    });
  }

  async putManifest(
    repository: string,
    reference: Reference,
    manifest: Manifest,
    options: CallOptions,
  ): Promise<PutManifestResult> {
    return putManifest(
      this.#manifests,
      { repository: this.#name(repository), reference, signal: options.signal },
      manifest,
    );
  }

  async listReferrers(
    repository: string,
    digest: Digest,
    options: CallOptions,
  ): Promise<readonly Descriptor[] | undefined> {
    return listReferrers(this.#manifests, {
      repository: this.#name(repository),
      digest,
      signal: options.signal,
    });
  }

  async beginUpload(repository: string, blob: Descriptor, options: CallOptions): Promise<UploadSession> {
    return this.#uploads.begin({ repository: this.#name(repository), blob, signal: options.signal });
  }

  async continueUpload(
    repository: string,
    blob: Descriptor,
    token: string,
    options: CallOptions,
  ): Promise<UploadSession | undefined> {
    return this.#uploads.continue(
      { repository: this.#name(repository), blob, signal: options.signal },
      token,
    );
  }

  async deleteManifest(repository: string, reference: Reference, options: CallOptions): Promise<void> {
    const { deletes } = this.#options.lacks ?? {};
    if (deletes === undefined) return this.#delete(repository, reference, options.signal);
    const operation = "delete-manifest";
    throw new FreightlinerError({ code: "unsupported", operation, message: deletes });
  }

  async #delete(repository: string, reference: Reference, signal: AbortSignal): Promise<void> {
    const own = this.#provider?.deleteManifest;
    const name = this.#name(repository);
    if (own !== undefined) return own(await this.#context(signal), name, reference, signal);
    return deleteManifest(this.#manifests, { repository: name, reference, signal });
  }

  async openBlob(repository: string, blob: Descriptor, options: OpenBlobOptions): Promise<OpenedBlob> {
    return openBlob(
      this.#client,
      { repository: this.#name(repository), blob, signal: options.signal },
      options,
    );
  }

  async hasBlob(repository: string, blob: Descriptor, options: HasBlobOptions): Promise<boolean> {
    const toRead = options.toRead === true || !this.#looksWithPush;
    return hasBlob(this.#client, {
      repository: this.#name(repository),
      blob,
      signal: options.signal,
      toRead,
    });
  }

  async mountBlob(
    repository: string,
    blob: Descriptor,
    from: string,
    options: CallOptions,
  ): Promise<boolean> {
    return this.#uploads.mount(
      { repository: this.#name(repository), blob, signal: options.signal },
      this.#name(from),
    );
  }

  async putBlob(repository: string, blob: Descriptor, body: Readable, options: CallOptions): Promise<void> {
    let name: string;
    try {
      name = this.#name(repository);
    } catch (error) {
      body.destroy();
      throw error;
    }
    return this.#uploads.put({ repository: name, blob, signal: options.signal }, body);
  }

  /** @throws FreightlinerError `invalid-reference`. */
  #name(repository: string): string {
    const name = parseRepositoryName(repository);
    return this.#provider?.repositoryName?.(name) ?? name;
  }

  async #context(signal: AbortSignal): Promise<ProviderContext> {
    const { settings, credentials, network, log } = this.#options;
    const { base } = await this.#client.home(signal);
    const catalog = (inner: AbortSignal) => listRepositories(this.#listing, inner);
    const { host } = this;
    return {
      host,
      base,
      settings,
      credentials,
      api: this.#vendorApi,
      catalog,
      client: this.#client,
      openLine: () => new CloudCalls({ settings, network, log }),
    };
  }

  /** True where the write that failed for want of a repository may be tried again. */
  async #makeRepository(repository: string, signal: AbortSignal): Promise<boolean> {
    const make = this.#provider?.createRepository;
    if (make === undefined || this.#options.settings.createRepositories === false) return false;
    return this.#making.run(
      repository,
      async (inner) => make(await this.#context(inner), repository, inner),
      signal,
    );
  }

  /** Some clouds hand out what their registry has to trade first. */
  #exchanging(credentials: CredentialProvider): CredentialProvider {
    const exchange = this.#provider?.exchange;
    if (exchange === undefined) return credentials;
    this.#exchanged = new ExchangedCredentials({
      credentials,
      trade: async (credential, signal) => {
        const { settings } = this.#options;
        const { base } = await this.#client.home(signal);
        return exchange({ host: this.host, base, settings, api: this.#vendorApi }, credential, signal);
      },
    });
    return this.#exchanged;
  }

  /** Forgets a password that it was given, and what came of it; the next request asks for it again. */
  forgetPassword(): void {
    const ofTrade = this.#exchanged?.forgetPassword() ?? false;
    const ofSignIn = this.#auth.forgetPassword();
    // What came from elsewhere stays in use, and may be quoted as before.
    if (ofTrade || ofSignIn) this.#sent.forget();
  }

  /** An address that the registry sent us to may quote what it was given. */
  #logger(log: RegistryOptions["log"]): RegistryOptions["log"] {
    return log && ((entry) => log({ ...entry, url: this.#sent.cover(entry.url) }));
  }

  /** Gives open upload sessions back and ends every connection. */
  async close(): Promise<void> {
    await this.#uploads.settle();
    await this.#http.close();
  }
}

/** Unasked, plain http is for this machine alone; behind a proxy of its own "localhost" is the proxy's, or whose it says. */
function plainHttpOf({ plainHttp, proxy }: RegistrySettings): PlainHttp {
  const direct = proxy === undefined || proxy === "none";
  return plainHttp === "auto" && !direct ? "never" : plainHttp;
}
