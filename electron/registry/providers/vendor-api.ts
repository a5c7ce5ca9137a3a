// Asks a vendor's own JSON API beside the registry: capped, with deadlines, redirects inside its origin only.
import type { FreightlinerError } from "../../../shared/errors.ts";
import { discard, parseJson, readBody } from "../body.ts";
import type { ExchangeResponse, HeaderMap, Method, Transport } from "../exchange.ts";
import { caps, maxTokenRedirects } from "../limits.ts";
import { isRedirect, RedirectChain } from "../redirects.ts";
import { responseError, type Subject } from "../response-error.ts";

export interface VendorRequest {
  readonly method: Method;
  readonly url: URL;
  /** The whole header; sent to the URL's own origin and nowhere else. */
  readonly authorization?: string | undefined;
  /** Never a secret: they go along wherever a redirect leads. */
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or a form where it is URLSearchParams. */
  readonly body?: unknown;
  readonly operation: string;
  readonly signal: AbortSignal;
}

export interface VendorAnswer {
  readonly status: number;
  readonly headers: HeaderMap;
  /** Where it came from, after redirects. */
  readonly url: URL;
  /** Undefined where there is no JSON. Not parsed any further: whoever asked does that by schema. */
  readonly json: unknown;
}

export interface VendorApi {
  /** @throws the transport's errors; `too-large`, `redirect-refused`; and `rate-limited`, `registry-failure` by the status. */
  ask(request: VendorRequest): Promise<VendorAnswer>;
}

export interface VendorApiOptions {
  readonly transport: Transport;
  readonly userAgent: string;
  readonly deadlineMs: number;
}

/** Answers that another try may cure are errors here, so that the engine waits and repeats; all others are answers. */
function isTrouble(status: number): boolean {
  return status === 429 || status === 408 || status >= 500;
}

export function createVendorApi({ transport, userAgent, deadlineMs }: VendorApiOptions): VendorApi {
  const send = async (request: VendorRequest): Promise<ExchangeResponse> => {
    const chain = new RedirectChain(request.url, maxTokenRedirects, request.operation);
    const { type, bytes } = encode(request.body);
    let url = request.url;
    for (;;) {
      const own = url.origin === request.url.origin;
      const response = await transport.send({
        method: request.method,
        url,
        headers: {
          accept: "application/json",
          "accept-encoding": "identity",
          "user-agent": userAgent,
          ...(type === undefined ? {} : { "content-type": type }),
          ...request.headers,
          ...(own && request.authorization !== undefined ? { authorization: request.authorization } : {}),
        },
        body: bytes,
        lane: "control",
        operation: request.operation,
        signal: request.signal,
      });
      if (!isRedirect(response)) return response;
      discard(response.body);
      const next = chain.next(response, request.method);
      // What is sent is for the API that was asked.
      if (bytes !== undefined && next.origin !== request.url.origin) return response;
      url = next;
    }
  };
  const errorOf = (
    response: ExchangeResponse,
    operation: string,
    subject: Subject,
  ): Promise<FreightlinerError> =>
    responseError(response, {
      operation,
      subject,
      what: `${response.url.pathname}`,
      home: response.url.origin,
      deadlineMs,
    });
  return {
    async ask(request) {
      const response = await send(request);
      if (isTrouble(response.status)) throw await errorOf(response, request.operation, "registry");
      const { status, headers, url } = response;
      if (status === 204 || request.method === "HEAD") {
        discard(response.body);
        return { status, headers, url, json: undefined };
      }
      const bytes = await readBody(response, {
        limit: caps.page,
        what: "an answer of its API",
        operation: request.operation,
        deadlineMs,
      });
      return { status, headers, url, json: parseJson(bytes) };
    },
  };
}

function encode(body: unknown): { readonly type?: string; readonly bytes?: Uint8Array } {
  if (body === undefined) return {};
  if (body instanceof URLSearchParams)
    return { type: "application/x-www-form-urlencoded", bytes: Buffer.from(body.toString(), "utf8") };
  return { type: "application/json", bytes: Buffer.from(JSON.stringify(body), "utf8") };
}
