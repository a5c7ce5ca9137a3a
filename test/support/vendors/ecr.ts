// A stand-in for Amazon ECR, private or public: its JSON API and the registry behind it, on two loopback ports.
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/ and https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/
import { randomBytes } from "node:crypto";
import { answerJson, type Exchange, type Reply, refuse } from "../../../electron/samples/exchange.ts";
import { isDigest } from "../../../shared/digest.ts";
import { type HookedRegistry, startHookedRegistry } from "./hooked-registry.ts";
import { type HttpServer, startHttpServer, type WholeReply, type WholeRequest } from "./http-server.ts";

export interface EcrOptions {
  readonly kind?: "private" | "public";
  /** Access keys that it knows. */
  readonly keys?: readonly string[];
  /** Operations that those keys may not ask for. */
  readonly denied?: readonly string[];
  /** Milliseconds; twelve hours otherwise. */
  readonly tokenLifeMs?: number;
  /** A repository creation template for pushes. */
  readonly createOnPush?: boolean;
  readonly immutable?: boolean;
  readonly repositories?: readonly string[];
  /** Of the one public registry. */
  readonly aliases?: readonly string[];
  /** Entries of a page at most, whatever is asked for. */
  readonly pageSize?: number;
  readonly now?: () => number;
}

export interface ApiCall {
  readonly operation: string;
  readonly key: string;
  readonly region: string;
  readonly service: string;
  readonly input: Record<string, unknown>;
}

export interface EcrStandIn {
  /** The registry. */
  readonly host: string;
  readonly apiUrl: string;
  readonly calls: ApiCall[];
  /** Requests to the registry: `PUT /v2/app/manifests/v1 400`. */
  readonly requests: readonly string[];
  readonly repositories: Set<string>;
  count(operation: string): number;
  /** Takes back every password given so far. */
  revoke(): void;
  /** Ends every password and token given so far, whatever was said of their lives. */
  end(): void;
  /** So many of the next requests of the API, or to the registry, are throttled. */
  throttle(where: "api" | "registry", times: number): void;
  /** The next questions to the API hang until it stops. */
  hang(): void;
  stop(): Promise<void>;
}

const registryId = "123456789012";

export async function startEcr(options: EcrOptions = {}): Promise<EcrStandIn> {
  const standIn = new Ecr(options);
  await standIn.start();
  return standIn;
}

class Ecr implements EcrStandIn {
  readonly calls: ApiCall[] = [];
  readonly repositories: Set<string>;
  readonly #options: EcrOptions;
  readonly #now: () => number;
  #passwords = new Map<string, number>();
  #tokens = new Map<string, { readonly mayWrite: boolean }>();
  #throttled = { api: 0, registry: 0 };
  #hangs = false;
  #pages = new Map<string, number>();
  #api: HttpServer | undefined;
  #registry: HookedRegistry | undefined;

  constructor(options: EcrOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.repositories = new Set(options.repositories ?? []);
  }

  async start(): Promise<void> {
    this.#registry = await startHookedRegistry((exchange) => this.#beforeRegistry(exchange));
    this.#api = await startHttpServer((request) => this.#answer(request));
  }

  get #running(): HookedRegistry {
    if (this.#registry === undefined) throw new Error("not started");
    return this.#registry;
  }
  get host(): string {
    return this.#running.host;
  }
  get requests(): readonly string[] {
    return this.#running.requests;
  }
  get apiUrl(): string {
    return this.#api?.url ?? "";
  }

  count(operation: string): number {
    return this.calls.filter((call) => call.operation === operation).length;
  }
  revoke(): void {
    this.#passwords.clear();
  }
  end(): void {
    for (const password of this.#passwords.keys()) this.#passwords.set(password, 0);
    this.#tokens.clear();
  }
  throttle(where: "api" | "registry", times: number): void {
    this.#throttled[where] = times;
  }
  hang(): void {
    this.#hangs = true;
  }
  async stop(): Promise<void> {
    await this.#api?.stop();
    await this.#registry?.stop();
  }

  // The registry.

  async #beforeRegistry(exchange: Exchange): Promise<Reply | undefined> {
    const { route, method } = exchange;
    const signIn = this.#signIn(exchange);
    if (signIn !== undefined) return signIn;
    if (this.#throttled.registry > 0) {
      this.#throttled.registry -= 1;
      return refuse(429, "TOOMANYREQUESTS", "Rate exceeded");
    }
    if (route.kind === "catalog") return this.#page(exchange, "repositories", [...this.repositories].sort());
    if (!("repository" in route)) return undefined;
    const { repository } = route;
    if (!this.repositories.has(repository)) {
      if (this.#options.createOnPush !== true || method !== "POST") {
        return refuse(
          404,
          "NAME_UNKNOWN",
          `The repository with name '${repository}' does not exist in the registry with id '${registryId}'`,
        );
      }
      this.repositories.add(repository);
    }
    const { store } = this.#running;
    if (route.kind === "tags") return this.#page(exchange, "tags", await store.tags(repository));
    if (route.kind === "manifest" && method === "PUT" && this.#options.immutable === true) {
      const { reference } = route;
      if (!isDigest(reference) && (await store.tagDigest(repository, reference)) !== undefined) {
        return refuse(
          400,
          "TAG_INVALID",
          `The image tag '${reference}' already exists in the '${repository}' repository and cannot be overwritten because the repository is immutable.`,
        );
      }
    }
    if (route.kind === "manifest" && method === "DELETE")
      return refuse(405, "UNSUPPORTED", "The operation is unsupported.");
    return undefined;
  }

  #signIn(exchange: Exchange): Reply | undefined {
    return this.#options.kind === "public" ? this.#bearer(exchange) : this.#basic(exchange);
  }

  /** https://github.com/flipt-io/flipt/issues/3043 */
  #basic({ request }: Exchange): Reply | undefined {
    const state = this.#stateOf(request.headers.authorization);
    if (state === "good") return undefined;
    if (state === "ended")
      return refuse(403, "DENIED", "Your authorization token has expired. Reauthenticate and try again.");
    return refuse(401, "UNAUTHORIZED", "Not Authorized", {
      "www-authenticate": `Basic realm="http://${this.host}/",service="ecr.amazonaws.com"`,
    });
  }

  /** Bearer only; whatever it does not take is a bad request: https://github.com/aws/containers-roadmap/issues/2835 */
  #bearer({ request, url, method, route }: Exchange): Reply | undefined {
    const { authorization } = request.headers;
    if (url.pathname === "/token/") {
      if (authorization !== undefined && this.#stateOf(authorization) !== "good")
        return refuse(400, "DENIED", "Your Authorization Token is invalid.");
      const token = randomBytes(30).toString("base64url");
      this.#tokens.set(token, { mayWrite: authorization !== undefined });
      return answerJson({ token });
    }
    if (authorization === undefined) {
      return refuse(401, "DENIED", "Not Authorized", {
        "www-authenticate": `Bearer realm="http://${this.host}/token/",service="public.ecr.aws",scope="aws"`,
      });
    }
    const known = this.#tokens.get(authorization.replace(/^Bearer /, ""));
    if (known === undefined) return refuse(400, "DENIED", "Your Authorization Token is invalid.");
    const reads = method === "GET" || method === "HEAD" || route.kind === "base";
    return known.mayWrite || reads ? undefined : refuse(403, "DENIED", "not allowed for anonymous users");
  }

  #stateOf(authorization: string | undefined): "good" | "ended" | "unknown" {
    const text = Buffer.from((authorization ?? "").replace(/^Basic /, ""), "base64").toString("utf8");
    const ends = text.startsWith("AWS:") ? this.#passwords.get(text.slice(4)) : undefined;
    if (ends === undefined) return "unknown";
    return this.#now() < ends ? "good" : "ended";
  }

  /** `last` means nothing here: only the token of a Link leads on. */
  #page(exchange: Exchange, field: "repositories" | "tags", all: readonly string[]): Reply {
    const { url } = exchange;
    const asked = Number(url.searchParams.get("n") ?? 100);
    if (asked > 1000) return refuse(405, "UNSUPPORTED", "Invalid parameter at 'maxResults'");
    const count = Math.min(asked, this.#options.pageSize ?? 1000);
    const from = this.#pages.get(url.searchParams.get("next_token") ?? "") ?? 0;
    const names = all.slice(from, from + count);
    if (from + count >= all.length) return answerJson({ [field]: names });
    const token = randomBytes(12).toString("base64");
    this.#pages.set(token, from + count);
    const link = `<http://${this.host}${url.pathname}?n=${asked}&next_token=${encodeURIComponent(token)}>; rel="next"`;
    return answerJson({ [field]: names }, { link });
  }

  // The API: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html

  async #answer({ headers, body }: WholeRequest): Promise<WholeReply> {
    if (this.#hangs) await new Promise(() => {});
    const isPublic = this.#options.kind === "public";
    const [prefix, operation = ""] = String(headers["x-amz-target"]).split(".");
    const signed =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/[0-9]{8}\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=[^,]*host[^,]*, Signature=[0-9a-f]{64}$/.exec(
        headers.authorization ?? "",
      );
    const [, key = "", region = "", service = ""] = signed ?? [];
    const expected = isPublic ? "SpencerFrontendService" : "AmazonEC2ContainerRegistry_V20150921";
    if (prefix !== expected) return fault("UnknownOperationException", `no ${prefix}`);
    if (signed === null || headers["x-amz-date"] === undefined)
      return fault("MissingAuthenticationTokenException", "Missing Authentication Token", 403);
    const input = JSON.parse(body) as Record<string, unknown>;
    this.calls.push({ operation, key, region, service, input });
    if (this.#throttled.api > 0) {
      this.#throttled.api -= 1;
      return fault("ThrottlingException", "Rate exceeded");
    }
    if (!(this.#options.keys ?? ["AKIDEXAMPLE"]).includes(key))
      return fault("UnrecognizedClientException", "The security token included in the request is invalid.");
    if (this.#options.denied?.includes(operation) === true) {
      return fault(
        "AccessDeniedException",
        `User: arn:aws:iam::${registryId}:user/ada is not authorized to perform: ecr:${operation}`,
      );
    }
    return this.#operate(operation, input, isPublic);
  }

  async #operate(operation: string, input: Record<string, unknown>, isPublic: boolean): Promise<WholeReply> {
    const name = String(input.repositoryName);
    const full = isPublic ? `${this.#options.aliases?.[0]}/${name}` : name;
    if (!isPublic && input.registryId !== undefined && input.registryId !== registryId)
      return fault("AccessDeniedException", `no access to registry ${String(input.registryId)}`);
    switch (operation) {
      case "GetAuthorizationToken": {
        const password = randomBytes(60).toString("base64url");
        const ends = this.#now() + (this.#options.tokenLifeMs ?? 12 * 3_600_000);
        this.#passwords.set(password, ends);
        const data = {
          authorizationToken: Buffer.from(`AWS:${password}`).toString("base64"),
          expiresAt: ends / 1000,
        };
        const proxyEndpoint = `https://${registryId}.dkr.ecr.us-east-1.amazonaws.com`;
        return { json: { authorizationData: isPublic ? data : [{ ...data, proxyEndpoint }] } };
      }
      case "CreateRepository":
        if (this.repositories.has(full)) {
          return fault(
            "RepositoryAlreadyExistsException",
            `The repository with name '${name}' already exists in the registry with id '${registryId}'`,
          );
        }
        this.repositories.add(full);
        return { json: { repository: { repositoryName: name, registryId } } };
      case "DescribeRegistries":
        return {
          json: {
            registries: [
              { registryId, aliases: (this.#options.aliases ?? []).map((alias) => ({ name: alias })) },
            ],
          },
        };
      case "DescribeRepositories": {
        const all = [...this.repositories].sort();
        const from = this.#pages.get(String(input.nextToken)) ?? 0;
        const to = from + Math.min(Number(input.maxResults ?? 100), this.#options.pageSize ?? 1000);
        const nextToken = randomBytes(12).toString("base64");
        if (to < all.length) this.#pages.set(nextToken, to);
        const repositories = all.slice(from, to).map((each) => ({ repositoryUri: `public.ecr.aws/${each}` }));
        return { json: { repositories, ...(to < all.length ? { nextToken } : {}) } };
      }
      case "BatchDeleteImage":
        return this.#deleteImages(full, input.imageIds);
      default:
        return fault("UnknownOperationException", operation);
    }
  }

  async #deleteImages(repository: string, ids: unknown): Promise<WholeReply> {
    if (!this.repositories.has(repository)) {
      return fault(
        "RepositoryNotFoundException",
        `The repository with name '${repository}' does not exist in the registry with id '${registryId}'`,
      );
    }
    const { store } = this.#running;
    const failures: object[] = [];
    for (const id of Array.isArray(ids) ? ids : []) {
      const { imageDigest = "", imageTag } = id as { imageDigest?: string; imageTag?: string };
      const done =
        imageTag !== undefined
          ? await store.deleteTag(repository, imageTag)
          : isDigest(imageDigest) && (await store.deleteManifest(repository, imageDigest));
      if (!done) {
        failures.push({
          imageId: id,
          failureCode: "ImageNotFound",
          failureReason: "Requested image not found",
        });
      }
    }
    return { json: { failures } };
  }
}

function fault(type: string, message: string, status = 400): WholeReply {
  return { status, headers: { "x-amzn-errortype": type }, json: { __type: type, message } };
}
