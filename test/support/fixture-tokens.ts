// Sign-in of the fixture registry: Basic, or its own Bearer tokens with scopes that are checked and recorded.
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { answerJson, type Exchange, type Reply, refuse } from "../../electron/samples/exchange.ts";

export type FixtureAuth =
  | { readonly kind: "basic"; readonly user: string; readonly password: string }
  | {
      readonly kind: "token";
      /** Without them tokens are given to anyone. */
      readonly user?: string;
      readonly password?: string;
      /** Seconds after which a token is refused; 300 by default. */
      readonly lifetimeSeconds?: number;
      /** `expires_in` in the reply; the true lifetime by default. */
      readonly toldLifetimeSeconds?: number;
      /** Realm in the challenge; its own `/token` by default. */
      readonly realm?: string;
      /** Left out of the challenge where true. */
      readonly withoutScope?: boolean;
      /** Grants these actions at most, whatever was asked for. */
      readonly grantsOnly?: readonly string[];
      /** Answers 400 where a scope asks for one of these actions, as Quay does for `delete`. */
      readonly refusesActions?: readonly string[];
    };

export interface TokenRequest {
  readonly method: string;
  /** As asked for, split at spaces and repeated parameters. */
  readonly scopes: readonly string[];
  readonly service: string | null;
  /** True where credentials came with it. */
  readonly authorized: boolean;
  readonly status: number;
}

interface Token {
  readonly expires: number;
  readonly granted: ReadonlySet<string>;
}

export class FixtureSignIn {
  readonly requests: TokenRequest[] = [];
  readonly #auth: FixtureAuth | undefined;
  readonly #tokens = new Map<string, Token>();
  readonly #url: () => string;

  constructor(auth: FixtureAuth | undefined, url: () => string) {
    this.#auth = auth;
    this.#url = url;
  }

  /** Makes every token given so far invalid. */
  expireAll(): void {
    this.#tokens.clear();
  }

  /** The refusal, or undefined where the request may go on. */
  check(exchange: Exchange): Reply | undefined {
    const auth = this.#auth;
    if (auth === undefined) return undefined;
    const header = exchange.request.headers.authorization ?? "";
    if (auth.kind === "basic") {
      if (header === basic(auth.user, auth.password)) return undefined;
      return unauthorized('Basic realm="fixture"');
    }
    const needed = neededScopes(exchange);
    const token = this.#tokens.get(header.replace(/^Bearer /, ""));
    const alive = token !== undefined && token.expires > Date.now();
    if (alive && needed.every((scope) => token.granted.has(scope))) return undefined;
    const scope = auth.withoutScope === true || needed.length === 0 ? "" : `,scope="${joinScopes(needed)}"`;
    const error = alive ? ',error="insufficient_scope"' : "";
    const realm = auth.realm ?? `${this.#url()}/token`;
    return unauthorized(`Bearer realm="${realm}",service="fixture"${scope}${error}`);
  }

  /** Answers the token endpoint. */
  async issue(exchange: Exchange): Promise<Reply> {
    const auth = this.#auth;
    if (auth?.kind !== "token") return refuse(404, "UNSUPPORTED", "no tokens here");
    const form = exchange.method === "POST" ? await readForm(exchange.request) : exchange.url.searchParams;
    const scopes = form
      .getAll("scope")
      .flatMap((text) => text.split(" "))
      .filter((text) => text !== "");
    const header = exchange.request.headers.authorization;
    const right =
      auth.user === undefined ||
      header === basic(auth.user, auth.password ?? "") ||
      (form.get("username") === auth.user && form.get("password") === auth.password);
    const authorized = header !== undefined || form.has("password");
    const status = right ? 200 : 401;
    this.requests.push({ method: exchange.method, scopes, service: form.get("service"), authorized, status });
    if (!right) return unauthorized('Basic realm="fixture"');
    const odd = scopes.flatMap(splitActions).find((scope) => isOneOf(auth.refusesActions, scope));
    if (odd !== undefined) return refuse(400, "UNSUPPORTED", `cannot understand the scope ${odd}`);
    const token = randomUUID();
    const lifetime = auth.lifetimeSeconds ?? 300;
    const granted = new Set(scopes.flatMap(splitActions).filter((scope) => mayGrant(auth.grantsOnly, scope)));
    this.#tokens.set(token, { expires: Date.now() + lifetime * 1000, granted });
    return answerJson({ token, access_token: token, expires_in: auth.toldLifetimeSeconds ?? lifetime });
  }
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

function unauthorized(challenge: string): Reply {
  return refuse(401, "UNAUTHORIZED", "authentication required", { "www-authenticate": challenge });
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
}

/** `repository:a:pull,push` → one entry for each action. */
function splitActions(scope: string): readonly string[] {
  const colon = scope.lastIndexOf(":");
  return scope
    .slice(colon + 1)
    .split(",")
    .map((action) => `${scope.slice(0, colon)}:${action}`);
}

function joinScopes(scopes: readonly string[]): string {
  const actions = new Map<string, string[]>();
  for (const scope of scopes) {
    const colon = scope.lastIndexOf(":");
    const name = scope.slice(0, colon);
    actions.set(name, [...(actions.get(name) ?? []), scope.slice(colon + 1)]);
  }
  return [...actions].map(([name, list]) => `${name}:${list.join(",")}`).join(" ");
}

function mayGrant(only: readonly string[] | undefined, scope: string): boolean {
  return only === undefined || isOneOf(only, scope);
}

/** True where the scope's one action is among these. */
function isOneOf(actions: readonly string[] | undefined, scope: string): boolean {
  return actions?.includes(scope.slice(scope.lastIndexOf(":") + 1)) === true;
}

/** What a request needs: https://distribution.github.io/distribution/spec/auth/scope/ */
function neededScopes(exchange: Exchange): readonly string[] {
  const { route, method, url } = exchange;
  if (route.kind === "catalog") return ["registry:catalog:*"];
  if (route.kind === "base" || route.kind === "refused") return [];
  const name = `repository:${route.repository}`;
  if (method === "GET" || method === "HEAD") return [`${name}:pull`];
  if (method === "DELETE" && route.kind !== "upload") return [`${name}:delete`];
  const from = url.searchParams.get("mount") === null ? null : url.searchParams.get("from");
  return [`${name}:pull`, `${name}:push`, ...(from === null ? [] : [`repository:${from}:pull`])];
}
