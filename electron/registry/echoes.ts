// Keeps what a request brought along out of the refusal that answers it: what is quoted from there ends in errors and logs.
import { pipeline, Transform } from "node:stream";
import type { ExchangeResponse, Transport } from "./exchange.ts";
import { type SentSecrets, secretsOf, spellingsOf } from "./sent-secrets.ts";

/**
 * The same transport; in the bodies of refusals every secret of the request is replaced by as many asterisks, and what fails
 * quotes none that was sent before. Headers lead on, and stay as they are (sent-secrets.ts).
 */
export function withoutEchoes(transport: Transport, sent: SentSecrets): Transport {
  return {
    async send(request) {
      sent.note(request);
      const response = await sent.quietly(() => transport.send(request));
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
