// How Amazon's SDK is set up here: its requests go by the port, its waits end, and it writes nothing to the console.
import type { CancelSignal } from "./client.ts";
import type { CloudCall } from "./cloud-call.ts";
import { FreightlinerError } from "./errors.ts";

/** The parts of the SDK's HttpRequest that its calls for sign-ins and of ECR have. */
export interface AwsRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface AwsResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** The SDK knows signals of several kinds; all say this. */
interface Stoppable {
  readonly aborted: boolean;
}

export interface AwsHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(
    request: AwsRequest,
    options?: { readonly abortSignal?: Stoppable | undefined },
  ): Promise<{ readonly response: AwsResponse }>;
}

/** The SDK writes warnings to the console otherwise. */
export const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

export function awsHandler(call: CloudCall): AwsHandler {
  return {
    metadata: { handlerProtocol: "http/1.1" },
    async handle(request, { abortSignal } = {}) {
      const { method, headers } = request;
      try {
        const answer = await call({
          method,
          url: urlOf(request),
          headers,
          body: bodyOf(request),
          signal: heard(abortSignal),
        });
        const { status: statusCode, body } = answer;
        return { response: { statusCode, headers: { ...answer.headers }, body } };
      } catch (error) {
        throw abortSignal?.aborted === true ? error : forItsRetries(error);
      }
    },
  };
}

function heard(signal: Stoppable | undefined): CancelSignal | undefined {
  return signal !== undefined && isHeard(signal) ? signal : undefined;
}

function isHeard(signal: Stoppable): signal is CancelSignal {
  return "addEventListener" in signal && "removeEventListener" in signal;
}

/** By its name the SDK knows what another try may cure; what it gives up with keeps our own error as its cause. */
function forItsRetries(error: unknown): unknown {
  if (!(error instanceof FreightlinerError) || !error.retryable) return error;
  const transient = new Error(error.message, { cause: error });
  transient.name = "TimeoutError";
  return transient;
}

function bodyOf({ body, hostname }: AwsRequest): string | Uint8Array | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === "string" || body instanceof Uint8Array) return body;
  throw new FreightlinerError({
    code: "internal",
    operation: "cloud-sign-in",
    message: `The library of AWS sends ${hostname} a body that is neither text nor bytes.`,
  });
}

function urlOf({ protocol, hostname, port, path, query = {} }: AwsRequest): string {
  const pairs = Object.keys(query)
    .sort()
    .flatMap((key) => {
      const value = query[key];
      if (value === null || value === undefined) return [escaped(key)];
      const values = typeof value === "string" ? [value] : value;
      return values.map((one) => `${escaped(key)}=${escaped(one)}`);
    });
  const search = pairs.length === 0 ? "" : `?${pairs.join("&")}`;
  return `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}${search}`;
}

/** RFC 3986, as the signature counts it. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
