// Everything that reads what others wrote: registries, files of other programs, archives, links.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkSyncText, problemLines } from "../../electron/app/sync-file.ts";
import { readEntry } from "../../electron/credentials/auth-entry.ts";
import { helpersIn } from "../../electron/credentials/credential-helper.ts";
import { entryFor, helperFor, hostsIn, parseDockerConfig } from "../../electron/credentials/docker-config.ts";
import { chooseKey } from "../../electron/credentials/podman-keys.ts";
import { parseVault } from "../../electron/credentials/secret-box/vault-format.ts";
import { parseRefName } from "../../electron/layout/ref-names.ts";
import { tarEntries } from "../../electron/layout/tar-entries.ts";
import { openBlob } from "../../electron/registry/blobs.ts";
import { chooseChallenge, parseChallenges } from "../../electron/registry/challenges.ts";
import { defaultDeadlines } from "../../electron/registry/limits.ts";
import { listTags } from "../../electron/registry/listings.ts";
import { getManifest } from "../../electron/registry/manifests.ts";
import { bypassesProxy } from "../../electron/registry/network/no-proxy.ts";
import {
  entriesOf,
  mirrorsOf,
  entryFor as registryEntryFor,
} from "../../electron/registry/network/registries-conf.ts";
import { linkTarget, nextLink } from "../../electron/registry/pages.ts";
import { parseQuota } from "../../electron/registry/quota.ts";
import { judgeRealm } from "../../electron/registry/realm.ts";
import { resolveLocation } from "../../electron/registry/redirects.ts";
import { listReferrers } from "../../electron/registry/referrers.ts";
import { responseError } from "../../electron/registry/response-error.ts";
import { parseRetryAfter, parseXRetryAfter } from "../../electron/registry/retry-after.ts";
import { fetchToken } from "../../electron/registry/token-service.ts";
import { offsetAfterPart, offsetOfStatus } from "../../electron/registry/upload-range.ts";
import { parseDeepLink } from "../../shared/deep-link.ts";
import { parseManifest } from "../../shared/descriptor.ts";
import { parseDigest } from "../../shared/digest.ts";
import { toFreightlinerError, toWire } from "../../shared/errors.ts";
import { compileGlob } from "../../shared/glob.ts";
import { layoutRepositoryName } from "../../shared/layout-name.ts";
import { parseImageReference, parseManifestReference } from "../../shared/reference.ts";
import { answerOf, clientOf, responseOf, transportOf } from "./answers.ts";
import { readArchive, readDockerList, readLayout } from "./folders.ts";

export interface Target {
  readonly name: string;
  /** True where the contract is an Error in plain words, which the caller turns into its own. */
  readonly plainErrors?: boolean;
  readonly run: (input: Buffer) => unknown;
}

const { signal } = new AbortController();
const home = new URL("https://registry.example/v2/app/tags/list?n=100");
const digest = parseDigest(`sha256:${"a".repeat(64)}`, "a sample");
const blob = { mediaType: "application/octet-stream", digest, size: 5000 };
const utf8 = (input: Buffer): string => input.toString("utf8");
/** As Node hands over headers. */
const header = (input: Buffer): string =>
  input
    .toString("latin1")
    .replace(/[\r\n\0]/g, "")
    .slice(0, 16_384);

/** Runs each; what one of them refuses keeps no other from its turn. The last refusal is thrown. */
function each(...steps: readonly (() => unknown)[]): void {
  let refused: unknown;
  for (const step of steps) {
    try {
      step();
    } catch (thrown) {
      if (toFreightlinerError(thrown, "fuzz") !== thrown) throw thrown;
      refused = thrown;
    }
  }
  if (refused !== undefined) {
    // What is refused has to be sayable, too.
    toWire(toFreightlinerError(refused, "fuzz"));
    throw refused;
  }
}

export const targets: readonly Target[] = [
  {
    name: "challenge",
    run: (input) => {
      const chosen = chooseChallenge(parseChallenges([header(input)]));
      const realm = chosen?.parameters.get("realm");
      const registry = new URL("https://registry.example/");
      if (realm !== undefined) judgeRealm(realm, { registry, tokenHost: undefined, trustedTokenHosts: [] });
    },
  },
  {
    name: "link",
    run: (input) => {
      const link = nextLink([header(input)]);
      if (link !== undefined && (linkTarget(link, home)?.origin ?? home.origin) !== home.origin)
        throw new TypeError("the link leads away");
    },
  },
  {
    name: "location",
    run: (input) => {
      const { protocol } = resolveLocation(header(input), home, "fuzz");
      if (protocol !== "https:") throw new TypeError(`the location leads to ${protocol}`);
    },
  },
  {
    name: "range",
    run: (input) => {
      offsetAfterPart(header(input), 5000);
      const offset = offsetOfStatus(header(input), { acknowledged: 1000, size: 5000 });
      if (offset !== undefined && (offset > 5000 || offset < 1000)) throw new TypeError(`offset ${offset}`);
    },
  },
  {
    name: "content-range",
    run: async (input) => {
      const opened = await openBlob(
        clientOf(answerOf(input)),
        { repository: "app", blob, signal },
        { offset: 1000, validator: undefined },
      );
      opened.body.destroy();
      if (opened.offset !== 0 && opened.offset !== 1000) throw new TypeError(`offset ${opened.offset}`);
    },
  },
  {
    name: "wait-headers",
    run: (input) => {
      const text = header(input);
      for (const wait of [parseRetryAfter(text, 1e12), parseXRetryAfter(text, 1e12)])
        if (wait !== undefined && !(wait >= 0 && wait <= 600_000)) throw new TypeError(`waits ${wait}`);
      parseQuota({ "ratelimit-limit": text, "ratelimit-remaining": text, "ratelimit-reset": text }, 1e12);
    },
  },
  {
    name: "manifest",
    run: async (input) => {
      const context = {
        client: clientOf(answerOf(input)),
        deadlineMs: 1000,
        asksForDelete: false,
        forbidsStandingTags: false,
      };
      const found = await getManifest(context, { repository: "app", reference: "v1", signal });
      parseManifest(utf8(Buffer.from(found.bytes)), found.mediaType, "app:v1");
    },
  },
  {
    name: "error",
    run: async (input) => {
      const error = await responseError(responseOf(answerOf(input), home), {
        ...{
          operation: "fuzz",
          subject: "manifest-put",
          what: "app:v1",
          home: home.origin,
          deadlineMs: 1000,
        },
      });
      const { message } = toWire(error);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/.test(message))
        throw new TypeError("it holds escapes");
    },
  },
  {
    name: "tags-page",
    run: async (input) => {
      const client = clientOf(answerOf(input));
      const context = {
        client,
        host: "registry.example",
        pageSize: 3,
        opaquePages: false,
        asksForCatalog: true,
      };
      let pages = 0;
      for await (const names of listTags({ ...context, deadlineMs: 1000 }, "app", signal)) {
        pages += 1;
        for (const name of names) parseManifestReference(name);
        if (pages > 10) throw new TypeError("the same page comes again and again");
      }
    },
  },
  {
    name: "token",
    run: async (input) => {
      const request = {
        ...{ realm: new URL("https://auth.example/token"), service: "s", scopes: ["repository:app:pull"] },
        ...{ registry: "registry.example", userAgent: "fuzz", signal },
      };
      const credential = { kind: "identity-token", username: "a", token: "b" } as const;
      const token = await fetchToken(
        { ...request, credential },
        transportOf(answerOf(input)),
        defaultDeadlines,
      );
      if (!/^[\x21-\x7e]+$/.test(token.value)) throw new TypeError("the token is no header");
      if (!(token.lifetimeSeconds >= 60 && token.lifetimeSeconds <= 86_400))
        throw new TypeError(`the token lives ${token.lifetimeSeconds}`);
    },
  },
  {
    name: "referrers",
    run: (input) =>
      listReferrers(
        { client: clientOf(answerOf(input)), deadlineMs: 1000 },
        { repository: "app", digest, signal },
      ),
  },
  {
    name: "auth-file",
    run: (input) => {
      const config = parseDockerConfig(utf8(input), "a file");
      for (const host of [...hostsIn(config).slice(0, 20), "docker.io", "registry.example", "__proto__"]) {
        const entry = entryFor(config, host);
        if (entry !== undefined) readEntry(entry);
        helperFor(config, host);
        chooseKey(Object.keys(config.auths ?? {}), host, "team/app");
      }
      helpersIn(config);
    },
  },
  {
    name: "registries-conf",
    plainErrors: true,
    run: (input) => {
      const conf = { entries: entriesOf(utf8(input)) };
      for (const host of ["docker.io", "registry.example:5000", "a.example.com"]) {
        mirrorsOf(conf, host);
        registryEntryFor(conf, `${host}/team/app:v1`);
      }
    },
  },
  {
    name: "sync-file",
    run: (input) => {
      const source = utf8(input);
      const { problems } = checkSyncText({ path: "/somewhere/sync.yaml", source, profile: undefined });
      problemLines("sync.yaml", problems);
    },
  },
  {
    name: "reference",
    run: (input) => {
      const text = utf8(input);
      each(
        () => parseImageReference(text),
        () => parseManifestReference(text),
        () => parseRefName(text, "app"),
        () => layoutRepositoryName(text),
        () => parseDigest(text, "it"),
      );
    },
  },
  { name: "deep-link", run: (input) => parseDeepLink(utf8(input)) },
  { name: "glob", run: (input) => compileGlob(utf8(input)).matches("team/app/one") },
  { name: "no-proxy", run: (input) => bypassesProxy(home, utf8(input)) },
  {
    name: "tar",
    run: async (input) => {
      async function* source(): AsyncGenerator<Buffer> {
        for (let at = 0; at < input.length; at += 700) yield input.subarray(at, at + 700);
      }
      let size = 0;
      for await (const entry of tarEntries(source(), { links: true }))
        for await (const part of entry.body) size += part.length;
      if (size > input.length) throw new TypeError("more came out than went in");
    },
  },
  { name: "layout", run: readLayout },
  { name: "docker-list", run: readDockerList },
  { name: "archive", run: readArchive },
  { name: "vault", run: (input) => parseVault(utf8(input), "vault.json") },
];

/** What the mutations of a target begin with; inputs that found something stay among them. */
export function corpusOf(name: string): readonly Buffer[] {
  const folder = join(import.meta.dirname, "corpus", name);
  return readdirSync(folder)
    .toSorted()
    .map((file) => readFileSync(join(folder, file)));
}
