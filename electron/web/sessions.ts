// Launch tokens and the sessions they are exchanged for: in memory only, each expires, sessions rotate.
import { findSecret, hashSecret, isSecret, newSecret } from "./secrets.ts";

const minute = 60_000;
export const sessionRules = {
  /** A launch URL that nobody opens is worthless after this. */
  tokenMs: 10 * minute,
  /** Without a request or a frame for so long, a session is over. */
  idleMs: 12 * 60 * minute,
  /** However busy: after this a new launch URL is needed. */
  absoluteMs: 7 * 24 * 60 * minute,
  /** A session older than this gets a new cookie when the page asks. */
  rotateMs: 60 * minute,
  /** The cookie before the last stays good so long, for requests that were under way. */
  graceMs: minute,
  maxTokens: 16,
  maxSessions: 64,
} as const;

interface Token {
  readonly hash: Buffer;
  readonly expiresMs: number;
}
interface Key {
  readonly hash: Buffer;
  readonly session: Session;
  expiresMs: number;
}

/** One signed-in browser profile. */
export interface Session {
  readonly id: number;
  readonly createdMs: number;
  usedMs: number;
  rotatedMs: number;
}

export interface Granted {
  readonly session: Session;
  /** The secret for a new cookie; undefined where the present one goes on. */
  readonly secret: string | undefined;
}

export class Sessions {
  readonly #now: () => number;
  #tokens: Token[] = [];
  #keys: Key[] = [];
  #nextId = 1;
  #onEnd: (session: Session) => void = () => {};

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Called when a session expires or is ended; its sockets must go. */
  onEnd(listener: (session: Session) => void): void {
    this.#onEnd = listener;
  }

  /** A new one-time token. The oldest unused ones make room. */
  issueToken(): string {
    const secret = newSecret();
    const expiresMs = this.#now() + sessionRules.tokenMs;
    this.#tokens = [...this.#tokens, { hash: hashSecret(secret), expiresMs }].slice(-sessionRules.maxTokens);
    return secret;
  }

  /** Exchanges a token for a session; a token works once. */
  redeem(token: unknown): Granted | undefined {
    if (!isSecret(token)) return undefined;
    const found = findSecret(this.#tokens, token);
    if (found === undefined) return undefined;
    this.#tokens = this.#tokens.filter((candidate) => candidate !== found);
    if (found.expiresMs <= this.#now()) return undefined;
    const now = this.#now();
    const session: Session = { id: this.#nextId++, createdMs: now, usedMs: now, rotatedMs: now };
    const secret = this.#issueKey(session);
    this.#shed();
    return { session, secret };
  }

  /** The session behind a cookie, and that it is in use. */
  find(cookie: string | undefined): Session | undefined {
    if (!isSecret(cookie)) return undefined;
    this.sweep();
    const key = findSecret(this.#keys, cookie);
    if (key === undefined) return undefined;
    key.session.usedMs = this.#now();
    return key.session;
  }

  /** The same, and a new cookie where the present one is old. */
  renew(cookie: string | undefined): Granted | undefined {
    const session = this.find(cookie);
    if (session === undefined) return undefined;
    const now = this.#now();
    if (now - session.rotatedMs < sessionRules.rotateMs) return { session, secret: undefined };
    for (const key of this.#keys) {
      if (key.session === session) key.expiresMs = Math.min(key.expiresMs, now + sessionRules.graceMs);
    }
    session.rotatedMs = now;
    return { session, secret: this.#issueKey(session) };
  }

  /** Frames on a socket keep its session alive. */
  touch(session: Session): void {
    session.usedMs = this.#now();
  }

  end(session: Session): void {
    this.#keys = this.#keys.filter((key) => key.session !== session);
    this.#onEnd(session);
  }

  /** Ends what has expired. Milliseconds are the injected clock's. */
  sweep(): void {
    const now = this.#now();
    const isOver = ({ usedMs, createdMs }: Session): boolean =>
      now - usedMs >= sessionRules.idleMs || now - createdMs >= sessionRules.absoluteMs;
    const over = new Set(this.#keys.map((key) => key.session).filter(isOver));
    for (const session of over) this.end(session);
    this.#keys = this.#keys.filter((key) => key.expiresMs > now);
    this.#tokens = this.#tokens.filter((token) => token.expiresMs > now);
  }

  get count(): number {
    return new Set(this.#keys.map((key) => key.session)).size;
  }

  #issueKey(session: Session): string {
    const secret = newSecret();
    const expiresMs = session.createdMs + sessionRules.absoluteMs;
    this.#keys = [...this.#keys, { hash: hashSecret(secret), session, expiresMs }];
    return secret;
  }

  /** Too many sessions: the one that was used longest ago goes. */
  #shed(): void {
    if (this.count <= sessionRules.maxSessions) return;
    const [oldest] = this.#keys.map((key) => key.session).sort((a, b) => a.usedMs - b.usedMs);
    if (oldest !== undefined) this.end(oldest);
  }
}
