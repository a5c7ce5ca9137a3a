// What a registry was sent that only its receiver may know: kept while it may be quoted, and kept out of what is told of it.
import { type ExchangeRequest, mediaTypeOf } from "./exchange.ts";
import { openParameters } from "./redact.ts";

/** Characters; what is shorter stands in ordinary words. */
const shortestSecret = 4;
/** Bytes of a body that is looked through; forms and JSON with secrets are small. */
const largestForm = 64 * 1024;
/** More are not under way at once: of tokens, of which each repository has its own, and of all else, headers and bodies. */
const mostKept = 64;
const placeFields = ["hostname", "host", "address", "path"] as const;
/** An error and its causes. */
const deepestCause = 8;
const secretNames = /pass|secret|token|assertion|auth|key|code|sig|cookie/i;
const publicNames: ReadonlySet<string> = new Set(["grant_type", "www-authenticate"]);
const formType = "application/x-www-form-urlencoded";

/**
 * A registry's headers may quote what it was sent (a realm, a Location) and are still what leads on. So they stay as they
 * are, and are covered where they are told: in errors, in log entries, and in what is written down.
 */
export class SentSecrets {
  readonly #host: string;
  /** In all spellings, by what carried them; the newest last. Tokens push out no password: it may be quoted as long as they. */
  readonly #tokens = new Map<string, readonly string[]>();
  readonly #others = new Map<string, readonly string[]>();
  /** What carried those that are forgotten when nothing is under way any more. */
  readonly #leaving = new Set<string>();
  #underWay = 0;

  /** @param host as entered: a secret that is a part of it hides nothing, and would only garble what is said. */
  constructor(host: string) {
    this.#host = host.toLowerCase();
  }

  note(request: ExchangeRequest): void {
    for (const [name, value] of Object.entries(request.headers))
      if (isSecret(name)) this.#keep(value, () => [value, ...inHeader(value)]);
    const type = mediaTypeOf(request.headers) ?? "";
    const { body } = request;
    // A manifest is JSON by a name of its own, and no form.
    if ((type === formType || type === "application/json") && isSmall(body)) {
      const text = Buffer.from(body).toString("utf8");
      this.#keep(text, () => inBody(text, type));
    }
  }

  /** The vault that they came from was locked. What is under way may be answered with them, and comes to its end first. */
  forget(): void {
    for (const kept of [this.#tokens, this.#others])
      for (const carrier of kept.keys()) this.#leaving.add(carrier);
    this.#letGo();
  }

  /** The text, with asterisks in the place of what was sent. */
  cover(text: string): string {
    let covered = text;
    for (const spellings of [...this.#tokens.values(), ...this.#others.values()])
      for (const spelling of spellings)
        if (covered.includes(spelling)) covered = covered.replaceAll(spelling, "***");
    return covered;
  }

  /** Whatever the work throws says nothing of what was sent, nor do its causes. */
  async quietly<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work();
    } catch (thrown) {
      throw this.covered(thrown);
    } finally {
      this.#underWay -= 1;
      // What is made of an answer begins in this turn of the loop: an error of it, or the way on.
      if (this.#leaving.size > 0) setImmediate(() => this.#letGo());
    }
  }

  /** The same for work that waits for nothing. */
  quietlyNow<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      throw this.covered(thrown);
    }
  }

  /** The same error: others know it by its class, and by its causes. */
  covered<T>(thrown: T): T {
    let error: unknown = thrown;
    for (let depth = 0; error instanceof Error && depth < deepestCause; depth += 1) {
      const message = this.cover(error.message);
      if (message !== error.message) {
        error.message = message;
        error.stack = this.cover(error.stack ?? "");
      }
      this.#coverPlaces(error);
      error = error.cause;
    }
    return thrown;
  }

  /** Errors of the system say where they happened in fields of their own, which logs write. */
  #coverPlaces(error: Error): void {
    for (const name of placeFields) {
      const place: unknown = Reflect.get(error, name);
      if (typeof place === "string") Reflect.set(error, name, this.cover(place));
    }
  }

  #letGo(): void {
    if (this.#underWay > 0) return;
    for (const carrier of this.#leaving) {
      this.#tokens.delete(carrier);
      this.#others.delete(carrier);
    }
    this.#leaving.clear();
  }

  #keep(carrier: string, secrets: () => readonly string[]): void {
    const all = /^bearer /i.test(carrier) ? this.#tokens : this.#others;
    const known = all.get(carrier);
    // In use again, whatever was forgotten before.
    this.#leaving.delete(carrier);
    all.delete(carrier);
    all.set(carrier, known ?? this.#spellings(secrets()));
    const oldest = all.keys().next().value;
    if (all.size <= mostKept || oldest === undefined) return;
    all.delete(oldest);
    this.#leaving.delete(oldest);
  }

  /** Also as a host's name writes them. */
  #spellings(secrets: readonly string[]): readonly string[] {
    const hidden = secrets.filter((secret) => !this.#host.includes(secret.toLowerCase()));
    const all = spellingsOf([...hidden, ...hidden.map((secret) => secret.toLowerCase())]);
    return [...new Set([...hidden.filter(isLong), ...all])].sort(longestFirst);
  }
}

/** What a request carries that only its receiver may know. */
export function secretsOf({ headers, url, body }: ExchangeRequest): readonly string[] {
  const found: string[] = [url.password];
  for (const [name, value] of Object.entries(headers))
    if (isSecret(name)) found.push(value, ...inHeader(value));
  for (const [name, value] of url.searchParams)
    if (!openParameters.has(name) && name !== "account") found.push(value);
  if (isSmall(body)) found.push(...inBody(Buffer.from(body).toString("utf8"), mediaTypeOf(headers) ?? ""));
  return found;
}

function isSmall(body: ExchangeRequest["body"]): body is Uint8Array {
  return body instanceof Uint8Array && body.length <= largestForm;
}

function isSecret(name: string): boolean {
  return secretNames.test(name) && !publicNames.has(name);
}

/** The token of a Bearer; the pair of Basic and the password in it. */
function inHeader(value: string): readonly string[] {
  const [, scheme = "", given = ""] = /^(\S+) +(\S+)$/.exec(value) ?? [];
  if (scheme.toLowerCase() !== "basic") return [given];
  const pair = Buffer.from(given, "base64").toString("utf8");
  return [given, pair, pair.slice(pair.indexOf(":") + 1)];
}

function inBody(text: string, type: string): readonly string[] {
  if (type === formType)
    return [...new URLSearchParams(text)].filter(([name]) => isSecret(name)).map(([, value]) => value);
  if (!type.includes("json")) return [];
  try {
    const values: string[] = [];
    JSON.parse(text, (name, value: unknown) => {
      if (typeof value === "string" && isSecret(name)) values.push(value);
      return value;
    });
    return values;
  } catch {
    // A manifest, or nothing that we sent as JSON.
    return [];
  }
}

function isLong(secret: string): boolean {
  return secret.length >= shortestSecret;
}

function longestFirst(one: string, other: string): number {
  return other.length - one.length;
}

/** As an answer may write them, in the bytes of UTF-8; the longest first, as one may hold another. */
export function spellingsOf(secrets: readonly string[]): readonly string[] {
  const all = secrets
    .filter(isLong)
    .flatMap((secret) => [
      ...[secret, encodeURIComponent(secret), new URLSearchParams({ s: secret }).toString().slice(2)],
      ...[
        JSON.stringify(secret).slice(1, -1),
        Buffer.from(secret, "utf8").toString("base64").replace(/=+$/, ""),
      ],
    ])
    .map((spelling) => Buffer.from(spelling, "utf8").toString("latin1"));
  return [...new Set(all)].sort(longestFirst);
}
