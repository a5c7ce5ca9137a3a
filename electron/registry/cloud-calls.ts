// The requests of a cloud's own library, over the network of the registry they are for: its proxy and its authorities.
import type { CloudAnswer, CloudLine, CloudRequest } from "../../shared/cloud-call.ts";
import type { RegistrySettings } from "../../shared/endpoint.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { readBody } from "./body.ts";
import { logged } from "./client.ts";
import type { ExchangeResponse, Method, Transport } from "./exchange.ts";
import { Http } from "./http.ts";
import { caps, defaultDeadlines } from "./limits.ts";
import type { RegistryNetwork } from "./network/connections.ts";
import { isMetadataService } from "./network/own-services.ts";
import type { TlsChoices } from "./network/tls-settings.ts";
import type { RequestLogEntry } from "./redact.ts";

export interface CloudCallsOptions {
  readonly settings: Pick<RegistrySettings, "host" | "proxy"> & Partial<TlsChoices>;
  readonly network: RegistryNetwork | undefined;
  readonly log?: ((entry: RequestLogEntry) => void) | undefined;
}

const operation = "cloud-sign-in";
const callMs = 10_000;
/** Written anew for each connection, or not meant for one that is somebody else's. */
const ofTheConnection = new Set([
  "accept-encoding",
  "connection",
  "expect",
  "host",
  "keep-alive",
  "transfer-encoding",
]);
const methods: readonly Method[] = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"];

export class CloudCalls implements CloudLine {
  readonly #http: Http;
  readonly #transport: Transport;
  #failure: FreightlinerError | undefined;

  constructor({ settings, network, log }: CloudCallsOptions) {
    const { host, insecureSkipVerify = false } = settings;
    this.#http = new Http({
      host,
      ofCloud: true,
      settings: { ...settings, insecureSkipVerify },
      network,
      connections: 4,
      deadlines: { ...defaultDeadlines, connectMs: callMs, headersMs: callMs, idleBodyMs: callMs },
    });
    this.#transport = logged(this.#http, log);
  }

  get failure(): FreightlinerError | undefined {
    return this.#failure;
  }

  readonly call = async (request: CloudRequest): Promise<CloudAnswer> => {
    const url = new URL(request.url);
    try {
      const answer = await this.#send(url, request);
      this.#failure = undefined;
      return answer;
    } catch (error) {
      // A machine without such a service is none of that cloud: that says nothing of what was looked for.
      if (error instanceof FreightlinerError && !isMetadataService(url)) this.#failure = error;
      throw error;
    }
  };

  /** Ends what is still asked. */
  close(): Promise<void> {
    return this.#http.close();
  }

  async #send(url: URL, request: CloudRequest): Promise<CloudAnswer> {
    const { method, headers, body } = request;
    const stopping = stoppedBy(request);
    try {
      const response = await this.#transport.send({
        method: methodOf(method),
        url,
        headers: headersFor(headers),
        body: typeof body === "string" ? Buffer.from(body, "utf8") : body,
        lane: "control",
        operation,
        signal: stopping.signal,
      });
      return { status: response.status, headers: joined(response), body: await read(response) };
    } finally {
      stopping.done();
    }
  }
}

function read(response: ExchangeResponse): Promise<Uint8Array> {
  return readBody(response, { limit: caps.page, what: "its answer", operation, deadlineMs: callMs });
}

/** The libraries' signals are of several kinds; the network knows one. */
function stoppedBy({ signal, timeoutMs = 0 }: CloudRequest): { signal: AbortSignal; done: () => void } {
  if (signal instanceof AbortSignal && timeoutMs <= 0) return { signal, done: () => undefined };
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  const timer = timeoutMs > 0 ? setTimeout(abort, timeoutMs) : undefined;
  if (signal?.aborted === true) abort();
  else signal?.addEventListener("abort", abort);
  const done = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  };
  return { signal: stop.signal, done };
}

function methodOf(name: string): Method {
  const known = methods.find((method) => method === name.toUpperCase());
  if (known !== undefined) return known;
  throw new FreightlinerError({
    code: "internal",
    operation,
    message: `The cloud's library wants to send "${name.slice(0, 20)}", which is no method that is known here.`,
  });
}

function headersFor(headers: CloudRequest["headers"]): Record<string, string> {
  const kept = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !ofTheConnection.has(name));
  return { ...Object.fromEntries(kept), "accept-encoding": "identity" };
}

function joined({ headers }: ExchangeResponse): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, typeof value === "string" ? value : value.join(", ")]],
  );
  return Object.fromEntries(entries);
}
