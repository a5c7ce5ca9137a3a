// How long the client waits and how much it reads: every answer of a registry is hostile until parsed.

/** All in milliseconds unless the name says otherwise. */
export interface Deadlines {
  /** TCP and TLS until the connection stands. */
  readonly connectMs: number;
  /** From the request to the end of the answer's headers. */
  readonly headersMs: number;
  /** The same for the PUT that closes an upload: a registry moves a big blob in its storage before it answers. */
  readonly commitMs: number;
  /** Between two pieces of a body. */
  readonly idleBodyMs: number;
  /** For the whole of a small body: manifests, tokens, listings, errors. */
  readonly smallBodyMs: number;
  /** A blob body that moves fewer than `minimumBytesPerSecond` over this time is given up. */
  readonly throughputWindowMs: number;
  readonly minimumBytesPerSecond: number;
  /** Giving an upload session back, which is a courtesy. */
  readonly cancelMs: number;
  /** A connection without work is closed after this time. */
  readonly keepAliveMs: number;
}

export const defaultDeadlines: Deadlines = {
  connectMs: 10_000,
  headersMs: 60_000,
  commitMs: 600_000,
  idleBodyMs: 60_000,
  smallBodyMs: 120_000,
  throughputWindowMs: 60_000,
  minimumBytesPerSecond: 1024,
  cancelMs: 2_000,
  keepAliveMs: 20_000,
};

/** Caps in bytes; the distribution specification only asks that 4 MB manifests work. */
export const caps = {
  manifest: 8 * 1024 * 1024,
  page: 16 * 1024 * 1024,
  referrers: 4 * 1024 * 1024,
  token: 128 * 1024,
  error: 64 * 1024,
  responseHeaders: 16 * 1024,
} as const;

export const maxRedirects = 10;
export const maxTokenRedirects = 5;
/** Pages of one listing. */
export const maxPages = 10_000;
/** Entries of one listing, and the characters of all of them together. */
export const maxListed = 2_000_000;
export const maxListedCharacters = 256 * 1024 * 1024;
/** No repository or tag that anybody could name has more characters. */
export const maxNameCharacters = 512;
/** Pages and entries of one manifest's list of referrers. */
export const maxReferrerPages = 1_000;
export const maxReferrers = 10_000;
/** Bytes of all pages of such a list. */
export const maxReferrerBytes = 32 * 1024 * 1024;
/** The longest time a Retry-After may ask for; beyond it the number is somebody's joke. */
export const maxRetryAfterMs = 600_000;
