// A registry that speaks the protocol and misbehaves on command; it records every request. For what real registries cannot be made to do.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { DiskStore } from "../../electron/samples/disk-store.ts";
import { type Exchange, type Reply, sendReply } from "../../electron/samples/exchange.ts";
import { Pacer } from "../../electron/samples/pacer.ts";
import { type RegistryServer, startRegistryServer } from "../../electron/samples/registry-server.ts";
import type { Route } from "../../electron/samples/route.ts";
import { parseRange } from "../../electron/samples/serve-blobs.ts";
import { type Digest, isDigest } from "../../shared/digest.ts";
import { applyFault, type Fault, type FaultMatch, matches } from "./faults.ts";
import { type FixtureAuth, FixtureSignIn, type TokenRequest } from "./fixture-tokens.ts";
import { type TempFolder, tempFolder } from "./temp.ts";

export interface FixtureOptions {
  readonly auth?: FixtureAuth;
  /** All bodies together; 0 = as fast as it goes (default). */
  readonly bytesPerSecond?: number;
}

export interface RecordedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly kind: Route["kind"] | "token";
  /** Scheme of the Authorization header, e.g. "Bearer". */
  readonly authorization: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Undefined until the answer began. */
  status: number | undefined;
  /** Body bytes received and sent. */
  bytesIn: number;
  bytesOut: number;
  /** The answer was sent to its end. */
  complete: boolean;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  endedAt: number | undefined;
}

/** A request that reached the storage behind redirects. */
export interface StorageRequest {
  readonly path: string;
  readonly range: string | undefined;
  /** Names of credentials that must not be there: "authorization", "cookie". */
  readonly leaked: readonly string[];
}

export interface FaultHandle {
  /** How often it happened so far. */
  readonly count: number;
  remove(): void;
}

export interface FixtureRegistry {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** Credentials as the raw helpers use them, with Basic sign-in. */
  readonly user?: string;
  readonly password?: string;
  readonly store: DiskStore;
  readonly requests: readonly RecordedRequest[];
  readonly tokenRequests: readonly TokenRequest[];
  readonly storageRequests: readonly StorageRequest[];
  /** The largest number of requests under way at once. */
  readonly mostAtOnce: number;
  /** Requests that match, without those for tokens. */
  count(match: Pick<FaultMatch, "method" | "kind" | "path">): number;
  /** Switches a fault on. Several may be on; the first that matches and answers wins, others add up. */
  fault(fault: Fault, match?: FaultMatch): FaultHandle;
  /** Every fault off. */
  heal(): void;
  clearRecords(): void;
  expireTokens(): void;
  stop(): Promise<void>;
}

/** Starts one over an empty temporary folder. Fill it with `pushImage` before faults are on. */
export async function startFixtureRegistry(options: FixtureOptions = {}): Promise<FixtureRegistry> {
  const fixture = new Fixture(options, await tempFolder("fixture"));
  await fixture.start();
  return fixture;
}

interface ActiveFault {
  readonly fault: Fault;
  readonly match: FaultMatch;
  seen: number;
  count: number;
}

class Fixture implements FixtureRegistry {
  requests: RecordedRequest[] = [];
  storageRequests: StorageRequest[] = [];
  mostAtOnce = 0;
  declare readonly user?: string;
  declare readonly password?: string;
  readonly #options: FixtureOptions;
  readonly #folder: TempFolder;
  readonly #signIn: FixtureSignIn;
  readonly #pacer = new Pacer();
  #faults: ActiveFault[] = [];
  #underWay = 0;
  #server: RegistryServer | undefined;
  #storage: { readonly server: Server; readonly port: number } | undefined;

  constructor(options: FixtureOptions, folder: TempFolder) {
    this.#options = options;
    this.#folder = folder;
    this.#signIn = new FixtureSignIn(options.auth, () => this.url);
    if (options.auth?.kind === "basic") {
      this.user = options.auth.user;
      this.password = options.auth.password;
    }
  }

  async start(): Promise<void> {
    const { bytesPerSecond = 0 } = this.#options;
    const folder = this.#folder.path;
    const hook = (exchange: Exchange): Promise<"answered" | "go-on"> => this.#hook(exchange);
    this.#server = await startRegistryServer({ folder, bytesPerSecond, hook });
    this.#storage = await this.#startStorage();
  }

  get #running(): RegistryServer {
    if (this.#server === undefined) throw new Error("The fixture registry was not started.");
    return this.#server;
  }
  get host(): string {
    return this.#running.host;
  }
  get port(): number {
    return this.#running.port;
  }
  get url(): string {
    return this.#running.url;
  }
  get store(): DiskStore {
    return this.#running.store;
  }
  get tokenRequests(): readonly TokenRequest[] {
    return this.#signIn.requests;
  }

  count(match: Pick<FaultMatch, "method" | "kind" | "path">): number {
    const { method, kind, path } = match;
    return this.requests.filter(
      (request) =>
        (method === undefined || [method].flat().includes(request.method)) &&
        (kind === undefined
          ? request.kind !== "token"
          : [kind].flat().some((each) => each === request.kind)) &&
        (path === undefined || path.test(request.path)),
    ).length;
  }

  fault(fault: Fault, match: FaultMatch = {}): FaultHandle {
    const active: ActiveFault = { fault, match, seen: 0, count: 0 };
    this.#faults.push(active);
    return {
      get count(): number {
        return active.count;
      },
      remove: () => {
        this.#faults = this.#faults.filter((each) => each !== active);
      },
    };
  }

  heal(): void {
    this.#faults = [];
  }
  clearRecords(): void {
    this.requests = [];
    this.storageRequests = [];
    this.#signIn.requests.length = 0;
    this.mostAtOnce = 0;
  }
  expireTokens(): void {
    this.#signIn.expireAll();
  }

  async stop(): Promise<void> {
    await this.#running.close();
    await new Promise<void>((resolve) => {
      this.#storage?.server.close(() => resolve());
      this.#storage?.server.closeAllConnections();
    });
    await this.#folder.remove();
  }

  async #hook(exchange: Exchange): Promise<"answered" | "go-on"> {
    this.#record(exchange);
    const token = exchange.url.pathname === "/token";
    const reply =
      (await this.#meetFaults(exchange)) ??
      (token ? await this.#signIn.issue(exchange) : this.#signIn.check(exchange));
    if (reply === undefined) return "go-on";
    if (reply !== "never") await sendReply(exchange, reply, this.#pacer);
    return "answered";
  }

  async #meetFaults(exchange: Exchange): Promise<Reply | "never" | undefined> {
    const world = {
      store: this.store,
      expireTokens: () => this.expireTokens(),
      storageUrl: (path: string) => `http://127.0.0.1:${this.#storage?.port}${path}?signature=s3cret`,
    };
    for (const active of [...this.#faults]) {
      if (!matches(active.match, exchange)) continue;
      active.seen += 1;
      const { after = 0, times = Number.POSITIVE_INFINITY } = active.match;
      if (active.seen <= after || active.count >= times) continue;
      active.count += 1;
      const reply = await applyFault(active.fault, exchange, world);
      if (reply !== undefined) return reply;
    }
    return undefined;
  }

  #record(exchange: Exchange): void {
    const { request, response, method, route } = exchange;
    const { authorization, ...headers } = request.headers;
    const record: RecordedRequest = {
      method,
      path: request.url ?? "",
      kind: exchange.url.pathname === "/token" ? "token" : route.kind,
      authorization: authorization?.split(" ")[0],
      headers,
      ...{ status: undefined, bytesIn: 0, bytesOut: 0, complete: false },
      ...{ startedAt: Date.now(), endedAt: undefined },
    };
    this.requests.push(record);
    this.#underWay += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#underWay);
    response.once("close", () => {
      this.#underWay -= 1;
      record.status = response.headersSent ? response.statusCode : undefined;
      record.bytesIn = exchange.bytesIn;
      record.bytesOut = exchange.bytesOut;
      record.complete = response.writableFinished;
      record.endedAt = Date.now();
    });
  }

  /** The object storage behind redirects: another origin, which needs no credentials and must not see any. */
  async #startStorage(): Promise<{ server: Server; port: number }> {
    const server = createServer((request, response) => {
      const { authorization, cookie, range } = request.headers;
      const leaked = [
        ...(authorization === undefined ? [] : ["authorization"]),
        ...(cookie === undefined ? [] : ["cookie"]),
      ];
      this.storageRequests.push({ path: request.url ?? "", range, leaked });
      const digest = /\/blobs\/([^?]+)/.exec(request.url ?? "")?.[1] ?? "";
      void this.#storageBlob(digest as Digest, range).then(
        ({ head, stream }) => {
          response.writeHead(stream === undefined ? 404 : range === undefined ? 200 : 206, head);
          if (stream === undefined) response.end();
          else stream.pipe(response);
        },
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    return { server, port: typeof address === "object" && address !== null ? address.port : 0 };
  }

  async #storageBlob(
    digest: Digest,
    asked: string | undefined,
  ): Promise<{ head: Record<string, string>; stream?: ReturnType<typeof createReadStream> }> {
    if (!isDigest(digest)) return { head: {} };
    const file = this.store.blobFile(digest);
    const { size } = await stat(file);
    const range = parseRange(asked, size);
    if (range === undefined || range === "unsatisfiable") {
      return { head: { "content-length": String(size) }, stream: createReadStream(file) };
    }
    const { start, end } = range;
    const head = {
      "content-length": String(end - start + 1),
      "content-range": `bytes ${start}-${end}/${size}`,
    };
    return { head, stream: createReadStream(file, { start, end }) };
  }
}
