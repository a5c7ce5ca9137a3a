// Launch tokens and the sessions they are exchanged for: in memory only, each expires, cookies rotate.
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
interface Cookie {
  readonly hash: Buffer;
  readonly session: Session;
  expiresMs: number;
}
interface PageKey {
  readonly hash: Buffer;
  readonly session: Session;
}

/**
 * What a request shows of its session. The cookie goes to every port of its host name, so any server of this machine that
 * the browser visits sees it; the key lies in the storage of our origin, port included, and only our page can send it.
 */
export interface Proof {
  readonly cookie: string | undefined;
  readonly key: string | undefined;
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
  readonly cookie: string | undefined;
}

export interface SignedIn extends Granted {
  readonly cookie: string;
  /** For the page alone. It stays the same as long as the session lasts. */
  readonly key: string;
}

export class Sessions {
  readonly #now: () => number;
  #tokens: Token[] = [];
  #cookies: Cookie[] = [];
  #pageKeys: PageKey[] = [];
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
  redeem(token: unknown): SignedIn | undefined {
    if (!isSecret(token)) return undefined;
    const found = findSecret(this.#tokens, token);
    if (found === undefined) return undefined;
    this.#tokens = this.#tokens.filter((candidate) => candidate !== found);
    if (found.expiresMs <= this.#now()) return undefined;
    const now = this.#now();
    const session: Session = { id: this.#nextId++, createdMs: now, usedMs: now, rotatedMs: now };
    const cookie = this.#issueCookie(session);
    const key = newSecret();
    this.#pageKeys = [...this.#pageKeys, { hash: hashSecret(key), session }];
    this.#shed();
    return { session, cookie, key };
  }

  /** The session whose cookie and key these are, and that it is in use. Neither half does anything alone. */
  find({ cookie, key }: Proof): Session | undefined {
    if (!isSecret(cookie) || !isSecret(key)) return undefined;
    this.sweep();
    const session = findSecret(this.#cookies, cookie)?.session;
    const owner = findSecret(this.#pageKeys, key)?.session;
    if (session === undefined || session !== owner) return undefined;
    session.usedMs = this.#now();
    return session;
  }

  /** The same, and a new cookie where the present one is old. */
  renew(proof: Proof): Granted | undefined {
    const session = this.find(proof);
    if (session === undefined) return undefined;
    const now = this.#now();
    if (now - session.rotatedMs < sessionRules.rotateMs) return { session, cookie: undefined };
    for (const cookie of this.#cookies) {
      if (cookie.session === session)
        cookie.expiresMs = Math.min(cookie.expiresMs, now + sessionRules.graceMs);
    }
    session.rotatedMs = now;
    return { session, cookie: this.#issueCookie(session) };
  }

  /** Frames on a socket keep its session alive. */
  touch(session: Session): void {
    session.usedMs = this.#now();
  }

  end(session: Session): void {
    this.#cookies = this.#cookies.filter((cookie) => cookie.session !== session);
    this.#pageKeys = this.#pageKeys.filter((key) => key.session !== session);
    this.#onEnd(session);
  }

  /** Ends what has expired. Milliseconds are the injected clock's. */
  sweep(): void {
    const now = this.#now();
    const isOver = ({ usedMs, createdMs }: Session): boolean =>
      now - usedMs >= sessionRules.idleMs || now - createdMs >= sessionRules.absoluteMs;
    const over = new Set(this.#pageKeys.map((key) => key.session).filter(isOver));
    for (const session of over) this.end(session);
    this.#cookies = this.#cookies.filter((cookie) => cookie.expiresMs > now);
    this.#tokens = this.#tokens.filter((token) => token.expiresMs > now);
  }

  get count(): number {
    return this.#pageKeys.length;
  }

  #issueCookie(session: Session): string {
    const secret = newSecret();
    const expiresMs = session.createdMs + sessionRules.absoluteMs;
    this.#cookies = [...this.#cookies, { hash: hashSecret(secret), session, expiresMs }];
    return secret;
  }

  /** Too many sessions: the one that was used longest ago goes. */
  #shed(): void {
    if (this.count <= sessionRules.maxSessions) return;
    const [oldest] = this.#pageKeys.map((key) => key.session).sort((a, b) => a.usedMs - b.usedMs);
    if (oldest !== undefined) this.end(oldest);
  }
}
