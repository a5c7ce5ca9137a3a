// The process of a big registry: read only, computed on the fly, cheap for each request. Started by startBigRegistry.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { parseArgs } from "node:util";
import { BigContent, manifestType } from "./big-content.ts";

const { values } = parseArgs({
  options: {
    repositories: { type: "string", default: "2000" },
    tags: { type: "string", default: "50" },
    "differs-every": { type: "string", default: "0" },
    variant: { type: "string", default: "" },
    "delay-ms": { type: "string", default: "0" },
    port: { type: "string", default: "0" },
    "no-referrers": { type: "boolean", default: false },
  },
});
const content = new BigContent({
  repositories: Number(values.repositories),
  tags: Number(values.tags),
  differsEvery: Number(values["differs-every"]),
  variant: values.variant,
});
const delay = Number(values["delay-ms"]);
const indexType = "application/vnd.oci.image.index.v1+json";
const emptyIndex = Buffer.from(`{"schemaVersion":2,"mediaType":"${indexType}","manifests":[]}`);
/** Requests by method and kind, e.g. `HEAD manifests`. */
const counts: Record<string, number> = {};

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

function ok(
  body: Buffer,
  headers: Readonly<Record<string, string>> = { "content-type": "application/json" },
): Reply {
  return { status: 200, headers, body };
}

function refuse(status: number, code: string): Reply {
  const body = Buffer.from(`{"errors":[{"code":"${code}","message":"${code}"}]}`);
  return { status, headers: { "content-type": "application/json" }, body };
}

interface List {
  /** What the names are called in the answer. */
  readonly key: "repositories" | "tags";
  /** In ASCII order. */
  readonly names: readonly string[];
  /** Page size where none is asked for. */
  readonly usual: number;
  readonly repository?: string;
}

/** The page behind `last`, at most `n` names, with a Link where more follow. */
function pageOf(url: URL, list: List): Reply {
  const count = Math.min(Number(url.searchParams.get("n") ?? list.usual), 1000);
  const start = firstAfter(list.names, url.searchParams.get("last") ?? "");
  const page = list.names.slice(start, start + count);
  const name = list.repository === undefined ? {} : { name: list.repository };
  const { status, headers, body } = ok(Buffer.from(JSON.stringify({ ...name, [list.key]: page })));
  const end = page.at(-1);
  if (end === undefined || start + count >= list.names.length) return { status, headers, body };
  const next = `${url.pathname}?n=${count}&last=${encodeURIComponent(end)}`;
  return { status, headers: { ...headers, link: `<${next}>; rel="next"` }, body };
}

/** Binary search: the first name greater than `last`. */
function firstAfter(names: readonly string[], last: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] ?? "") > last) high = middle;
    else low = middle + 1;
  }
  return low;
}

const pathPattern = /^\/v2\/(.+)\/(manifests|blobs|tags|referrers)\/([^/]+)$/;

function answer(request: IncomingMessage): Reply {
  const url = new URL(request.url ?? "/", "http://registry");
  const [, repository = "", kind = url.pathname, reference = ""] = pathPattern.exec(url.pathname) ?? [];
  const counter = `${request.method ?? ""} ${kind}`;
  counts[counter] = (counts[counter] ?? 0) + 1;
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "UNSUPPORTED");
  if (kind === "/v2/") return ok(Buffer.from("{}"));
  if (kind === "/counts") return ok(Buffer.from(JSON.stringify(counts)));
  if (kind === "/v2/_catalog")
    return pageOf(url, { key: "repositories", names: content.repositories, usual: 100 });
  if (!content.has(repository)) return refuse(404, "NAME_UNKNOWN");
  if (kind === "tags") return pageOf(url, { key: "tags", names: content.tags, usual: 1000, repository });
  if (kind === "referrers") {
    return values["no-referrers"]
      ? refuse(404, "UNSUPPORTED")
      : ok(emptyIndex, { "content-type": indexType });
  }
  return stored(repository, reference);
}

function stored(repository: string, reference: string): Reply {
  const image = reference.includes(":") ? undefined : content.image(repository, reference);
  if (image !== undefined) {
    return ok(image.manifest, { "content-type": manifestType, "docker-content-digest": image.digest });
  }
  const found = content.content(repository, reference);
  if (found === undefined) return refuse(404, "MANIFEST_UNKNOWN");
  return ok(found.bytes, { "content-type": found.mediaType, "docker-content-digest": reference });
}

function handle(request: IncomingMessage, response: ServerResponse): void {
  const { status, headers, body } = answer(request);
  response.writeHead(status, { ...headers, "content-length": body.length });
  response.end(request.method === "HEAD" ? undefined : body);
}

const server = createServer({ keepAlive: true }, (request, response) => {
  request.resume();
  if (delay === 0) handle(request, response);
  else setTimeout(handle, delay, request, response);
});
server.keepAliveTimeout = 60_000;
server.listen(Number(values.port), "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  console.log(JSON.stringify({ port }));
});
