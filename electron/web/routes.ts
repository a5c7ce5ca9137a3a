// What each path of the web host answers, once the guard has let the request in.
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { keyAmongProtocols, pageKeyHeader } from "../../shared/page-key.ts";
import { findRendererFile, type RendererFiles } from "../app/renderer-files.ts";
import { answerFile, answerJson, answerText, type Exchange, refuse } from "./answer.ts";
import type { Attempts } from "./attempts.ts";
import { clearCookie, cookieName, readCookie, setCookie } from "./cookies.ts";
import { isJson } from "./guard.ts";
import type { HostedApp, HostLog } from "./hosted-app.ts";
import { readJsonBody } from "./read-body.ts";
import { type Granted, type Proof, type Session, type Sessions, sessionRules } from "./sessions.ts";

export interface RouteContext {
  readonly app: HostedApp;
  readonly files: RendererFiles;
  readonly sessions: Sessions;
  readonly attempts: Attempts;
  readonly port: number;
  readonly log: HostLog;
}

type Handler = (exchange: Exchange, context: RouteContext) => Promise<void> | void;

const routes: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  "/session": { GET: tellSession, POST: signIn, DELETE: signOut },
  "/health": { GET: (exchange) => answerJson(exchange, 200, { status: "live" }) },
  "/ready": { GET: tellReadiness },
  "/metrics": { GET: tellMetrics },
};

/** Answers one request. @throws what a handler threw before it began to answer. */
export async function route(exchange: Exchange, context: RouteContext): Promise<void> {
  const { request } = exchange;
  const path = pathOf(request.url ?? "/");
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
  const handlers = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (handlers !== undefined) {
    const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
    if (handler !== undefined) return handler(exchange, context);
    const allow = Object.keys(handlers).join(", ");
    return refuse(exchange, 405, `${path} allows ${allow}.`, { Allow: allow });
  }
  const file = findRendererFile(context.files, path);
  if (file === undefined) return refuse(exchange, 404, "There is nothing here.");
  if (method !== "GET") return refuse(exchange, 405, "Files can only be read.", { Allow: "GET, HEAD" });
  answerFile(exchange, file);
}

/** The part before `?`, exactly as sent: it is only ever a key, so nothing is decoded or resolved. */
export function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? url;
}

/** The session that an upgrade to a WebSocket belongs to. */
export function sessionOfSocket({ headers }: IncomingMessage, context: RouteContext): Session | undefined {
  const key = keyAmongProtocols(headers["sec-websocket-protocol"]);
  return context.sessions.find({ cookie: cookieOf(headers, context), key });
}

function proofOf({ request: { headers } }: Exchange, context: RouteContext): Proof {
  const key = headers[pageKeyHeader];
  return { cookie: cookieOf(headers, context), key: typeof key === "string" ? key : undefined };
}

function cookieOf({ cookie }: IncomingHttpHeaders, { port }: RouteContext): string | undefined {
  return readCookie(cookie, cookieName(port));
}

function cookieFor(granted: Granted | undefined, port: number): Record<string, string> {
  return granted?.cookie === undefined ? {} : { "Set-Cookie": setCookie(cookieName(port), granted.cookie) };
}

function describe({ session }: Granted): { signedIn: true; expiresAt: number } {
  const expiresAt = Math.min(
    session.usedMs + sessionRules.idleMs,
    session.createdMs + sessionRules.absoluteMs,
  );
  return { signedIn: true, expiresAt };
}

/**
 * A page that was loaded again asks whether its session still holds; that answer is 200 either way. Only here is a cookie
 * renewed: who has the cookie alone must not get the next one and leave the page with none.
 */
function tellSession(exchange: Exchange, context: RouteContext): void {
  const granted = context.sessions.renew(proofOf(exchange, context));
  const state = granted === undefined ? { signedIn: false } : describe(granted);
  answerJson(exchange, 200, state, cookieFor(granted, context.port));
}

async function signIn(exchange: Exchange, context: RouteContext): Promise<void> {
  const { request } = exchange;
  const client = request.socket.remoteAddress ?? "unknown";
  const waitMs = context.attempts.waitMs(client);
  if (waitMs > 0) {
    const seconds = Math.ceil(waitMs / 1000);
    return refuse(exchange, 429, "Too many failed attempts.", { "Retry-After": String(seconds) });
  }
  if (!isJson(request.headers["content-type"])) return refuse(exchange, 415, "Expected application/json.");
  const body = await readJsonBody(request);
  if (body.kind === "too-large") return refuse(exchange, 413, "The body is too large.");
  if (body.kind === "not-json") return refuse(exchange, 400, "The body is not JSON.");
  const granted = context.sessions.redeem(tokenOf(body.value));
  if (granted === undefined) {
    context.attempts.failed(client);
    context.log.warn({ client }, "a sign-in with a wrong, used or expired launch token was refused");
    return refuse(exchange, 401, "The launch token is wrong, used or expired.");
  }
  context.attempts.succeeded(client);
  context.log.info({ session: granted.session.id }, "a browser signed in");
  const answer = { ...describe(granted), key: granted.key };
  answerJson(exchange, 200, answer, cookieFor(granted, context.port));
}

function tokenOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "token" in value ? value.token : undefined;
}

function signOut(exchange: Exchange, context: RouteContext): void {
  const session = context.sessions.find(proofOf(exchange, context));
  if (session === undefined) {
    refuse(exchange, 401, "Sign in first.");
    return;
  }
  context.sessions.end(session);
  answerJson(exchange, 200, { signedIn: false }, { "Set-Cookie": clearCookie(cookieName(context.port)) });
}

async function tellReadiness(exchange: Exchange, { app }: RouteContext): Promise<void> {
  const { ready, checks } = await app.readiness();
  answerJson(exchange, ready ? 200 : 503, { ready, checks }, ready ? {} : { "Retry-After": "5" });
}

/** Numbers only, nothing secret: a scraper on this machine needs no session. */
async function tellMetrics(exchange: Exchange, { app }: RouteContext): Promise<void> {
  answerText(exchange, "text/plain; version=0.0.4; charset=utf-8", await app.metrics());
}
