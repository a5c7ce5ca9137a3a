// Keeps what a request brought along out of the refusal that answers it: what is quoted from there ends in errors and logs.
import { pipeline, Transform } from "node:stream";
import { type ExchangeRequest, type ExchangeResponse, mediaTypeOf, type Transport } from "./exchange.ts";
import { openParameters } from "./redact.ts";

/** Characters; what is shorter stands in ordinary words. */
const shortestSecret = 4;
/** Bytes of a body that is looked through; forms and JSON with secrets are small. */
const largestForm = 64 * 1024;
const secretNames = /pass|secret|token|assertion|auth|key|code|sig|cookie/i;
const publicNames: ReadonlySet<string> = new Set(["grant_type", "www-authenticate"]);

/** The same transport; in the bodies of refusals every secret of the request is replaced by as many asterisks. */
export function withoutEchoes(transport: Transport): Transport {
  return {
    async send(request) {
      const response = await transport.send(request);
      if (response.status < 400 || request.method === "HEAD") return response;
      const secrets = spellingsOf(secretsOf(request));
      return secrets.length === 0 ? response : masked(response, secrets);
    },
  };
}

function masked(response: ExchangeResponse, secrets: readonly string[]): ExchangeResponse {
  const mask = new EchoMask(secrets);
  // An early error waits for its reader, as with every body.
  mask.on("error", () => undefined);
  pipeline(response.body, mask, () => undefined);
  return { ...response, body: mask };
}

/** Replaces by text of the same length, so that Content-Length stays true; also where a secret comes in pieces. */
class EchoMask extends Transform {
  readonly #secrets: readonly string[];
  readonly #longest: number;
  #held = "";

  constructor(secrets: readonly string[]) {
    super();
    this.#secrets = secrets;
    this.#longest = Math.max(...secrets.map((secret) => secret.length));
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const text = this.#masked(this.#held + chunk.toString("latin1"));
    const open = Math.max(0, text.length - this.#longest + 1);
    this.#held = text.slice(open);
    if (open > 0) this.push(Buffer.from(text.slice(0, open), "latin1"));
    done();
  }

  override _flush(done: () => void): void {
    if (this.#held !== "") this.push(Buffer.from(this.#held, "latin1"));
    done();
  }

  #masked(text: string): string {
    return this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, "*".repeat(secret.length)), text);
  }
}

/** What a request carries that only its receiver may know. */
function secretsOf({ headers, url, body }: ExchangeRequest): readonly string[] {
  const found: string[] = [url.password];
  for (const [name, value] of Object.entries(headers))
    if (isSecret(name)) found.push(value, ...inHeader(value));
  for (const [name, value] of url.searchParams)
    if (!openParameters.has(name) && name !== "account") found.push(value);
  if (body instanceof Uint8Array && body.length <= largestForm)
    found.push(...inBody(Buffer.from(body).toString("utf8"), mediaTypeOf(headers) ?? ""));
  return found;
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
  if (type === "application/x-www-form-urlencoded")
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

/** As an answer may write them, in the bytes of UTF-8; the longest first, as one may hold another. */
function spellingsOf(secrets: readonly string[]): readonly string[] {
  const all = secrets
    .filter((secret) => secret.length >= shortestSecret)
    .flatMap((secret) => [
      ...[secret, encodeURIComponent(secret), new URLSearchParams({ s: secret }).toString().slice(2)],
      ...[
        JSON.stringify(secret).slice(1, -1),
        Buffer.from(secret, "utf8").toString("base64").replace(/=+$/, ""),
      ],
    ])
    .map((spelling) => Buffer.from(spelling, "utf8").toString("latin1"));
  return [...new Set(all)].sort((one, other) => other.length - one.length);
}
