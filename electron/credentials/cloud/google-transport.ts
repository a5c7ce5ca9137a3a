// The way that Google's library has to the network: the port, as the fetch that it asks for.
import type { AuthClient } from "google-auth-library";
import type { CloudCall } from "../../../shared/cloud-call.ts";

export interface GoogleTransport {
  /** Milliseconds for one request. */
  readonly timeout: number;
  readonly fetchImplementation: typeof fetch;
  /** The environment's proxies are looked at by the port. */
  readonly noProxy: RegExp[];
}

type GoogleLibrary = typeof import("google-auth-library");

const callMs = 10_000;
const everything = /^/;
/** Answers that have no body may not be given an empty one. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

export function googleTransport(call: CloudCall): GoogleTransport {
  return {
    timeout: callMs,
    noProxy: [everything],
    fetchImplementation: async (input, init) => {
      const request = new Request(input, init);
      const bytes = new Uint8Array(await request.arrayBuffer());
      const answer = await call({
        method: request.method,
        url: request.url,
        headers: Object.fromEntries(request.headers),
        body: bytes.length === 0 ? undefined : bytes,
        signal: request.signal,
      });
      const { status, headers } = answer;
      return new Response(bodiless.has(status) ? null : new Uint8Array(answer.body), { status, headers });
    },
  };
}

/** The machine's metadata service is asked past all options, and would be by a proxy of the environment. */
export async function loadGoogle(): Promise<GoogleLibrary> {
  const library = await import("google-auth-library");
  library.gaxios.instance.defaults = { ...library.gaxios.instance.defaults, noProxy: [everything] };
  return library;
}

/**
 * Where a token of elsewhere is traded, a part of the client asks, with a way of its own that takes no options. One with an
 * X.509 certificate needs connections that show it, which only the library makes.
 */
export function byOneWay<T extends AuthClient>(client: T): T {
  if (Reflect.get(client, "credentialSourceType") === "certificate") {
    client.transporter.defaults = { timeout: callMs };
    return client;
  }
  const trader: unknown = Reflect.get(client, "stsCredential");
  if (typeof trader === "object" && trader !== null) Reflect.set(trader, "transporter", client.transporter);
  return client;
}
