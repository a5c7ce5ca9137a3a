// Answers of a registry made from one text, headers above an empty line and the body below, given to the client without a network.
import { Readable } from "node:stream";
import { Authenticator } from "../../electron/registry/auth.ts";
import { RegistryClient } from "../../electron/registry/client.ts";
import type { ExchangeResponse, Transport } from "../../electron/registry/exchange.ts";
import { defaultDeadlines } from "../../electron/registry/limits.ts";
import { SentSecrets } from "../../electron/registry/sent-secrets.ts";

const home = "https://registry.example";

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** A line break ends a header and a NUL makes it none, as for the parser of HTTP. */
export function answerOf(input: Buffer): Answer {
  const end = input.indexOf("\n\n");
  const head = end < 0 ? input : input.subarray(0, end);
  const headers: Record<string, string> = {};
  let status = 200;
  for (const line of head.toString("latin1").split("\n", 100)) {
    const [, name = "", value = ""] = /^([a-z-]+): ?([^\0\r]*)/i.exec(line) ?? [];
    if (name.toLowerCase() === "status")
      status = Math.min(599, Math.max(200, Number.parseInt(value, 10) || 200));
    else if (name !== "") headers[name.toLowerCase()] = value.slice(0, 16_384);
  }
  return { status, headers, body: end < 0 ? Buffer.alloc(0) : input.subarray(end + 2) };
}

export function responseOf({ status, headers, body }: Answer, url: URL): ExchangeResponse {
  return { status, headers, url, body: Readable.from([body], { objectMode: false }) };
}

/** Answers every question but the ping with the same. */
export function transportOf(answer: Answer): Transport {
  return {
    send: async ({ url }) =>
      url.href === `${home}/v2/`
        ? responseOf(
            { status: 200, headers: { "content-type": "application/json" }, body: Buffer.from("{}") },
            url,
          )
        : responseOf(answer, url),
  };
}

export function clientOf(answer: Answer): RegistryClient {
  const transport = transportOf(answer);
  const common = { transport, userAgent: "fuzz", deadlines: defaultDeadlines };
  const auth = new Authenticator({
    ...common,
    host: "registry.example",
    credentials: { get: async () => ({ kind: "password", username: "alice", password: "secret" }) },
    tokenHost: undefined,
    trustedTokenHosts: [],
    now: () => performance.now(),
  });
  const ping = { host: "registry.example", plainHttp: "never", userAgent: "fuzz", deadlineMs: 1000 } as const;
  const sent = new SentSecrets("registry.example");
  return new RegistryClient({ ping, deadlines: defaultDeadlines, auth, transport, sent });
}
