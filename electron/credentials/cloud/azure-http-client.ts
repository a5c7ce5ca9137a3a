// The way that Microsoft's library has to the network: the port, as the client that its pipeline ends in.
import type { DefaultAzureCredentialOptions } from "@azure/identity";
import { FreightlinerError } from "../../../shared/errors.ts";
import { callOfQuestion } from "./question.ts";

type HttpClient = NonNullable<DefaultAzureCredentialOptions["httpClient"]>;
type PipelineRequest = Parameters<HttpClient["sendRequest"]>[0];
type PipelineHeaders = PipelineRequest["headers"];

/** One for all: the library's part for managed identities keeps the first that it gets as long as the process lives. */
export const azureHttpClient: HttpClient = {
  async sendRequest(request) {
    const { method, url, headers, abortSignal, timeout } = request;
    const answer = await callOfQuestion({
      method,
      url,
      headers: headers.toJSON(),
      body: bodyOf(request),
      signal: abortSignal,
      // The probe for a managed identity has a second: elsewhere nobody answers there, and others are to be asked.
      timeoutMs: timeout,
    });
    const { status } = answer;
    const bodyAsText = Buffer.from(answer.body).toString("utf8");
    return { request, status, headers: pipelineHeaders(answer.headers), bodyAsText };
  },
};

function bodyOf({ body }: PipelineRequest): string | Uint8Array | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === "string" || body instanceof Uint8Array) return body;
  throw new FreightlinerError({
    code: "internal",
    operation: "cloud-sign-in",
    message: "The library of Microsoft Entra sends a body that is neither text nor bytes.",
  });
}

/** The library makes its own kind from its parts alone, which come with no entry of their own. */
function pipelineHeaders(given: Readonly<Record<string, string>>): PipelineHeaders {
  const known = new Map(Object.entries(given));
  return {
    get: (name) => known.get(name.toLowerCase()),
    has: (name) => known.has(name.toLowerCase()),
    set: (name, value) => void known.set(name.toLowerCase(), String(value)),
    delete: (name) => void known.delete(name.toLowerCase()),
    toJSON: () => Object.fromEntries(known),
    [Symbol.iterator]: () => known[Symbol.iterator](),
  };
}
