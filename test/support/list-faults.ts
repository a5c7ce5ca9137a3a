// Broken lists of the fixture registry: paging of tags, catalogs and referrers as broken servers do it (protocol.md 2.5, 3.1).
import { type Exchange, type Reply, refuse } from "../../electron/samples/exchange.ts";
import { alterReply, withHeaders } from "./fault-world.ts";

export type ListFault =
  /**
   * What `Link` says where more follows: "none" says nothing; "own-host" is absolute, "other-host" is absolute on a
   * host that is not this one, "relative" is only the query, "wrong-path" lacks the /v2/ (Artifactory, Nexus).
   * "circle" links the last page to the first.
   */
  | {
      readonly do: "link";
      readonly to: "none" | "own-host" | "other-host" | "relative" | "wrong-path" | "circle";
    }
  /** `last` is not understood: page 1 comes again, with its Link (Quay's catalog). */
  | { readonly do: "ignore-last" }
  /** At most so many names on a page, whatever `n` asks for. */
  | { readonly do: "page-size"; readonly names: number }
  /** `null` and a digest among the names (Nexus, Artifactory). */
  | { readonly do: "null-entries" }
  /** Referrers come so many at a time, with a Link to the next ones. */
  | { readonly do: "referrers-paged"; readonly size: number }
  /** `artifactType` is not understood: everything comes, without OCI-Filters-Applied. */
  | { readonly do: "ignore-filter" }
  /** The referrers API is not there (404), and manifests with a subject are answered without OCI-Subject. */
  | { readonly do: "no-referrers" };

export function applyListFault(fault: ListFault, exchange: Exchange): Reply | undefined {
  const { kind } = exchange.route;
  if (fault.do === "no-referrers") return withoutReferrers(exchange);
  const isList = kind === "tags" || kind === "catalog";
  if (!isList && kind !== "referrers") return undefined;
  const query = exchange.url.searchParams;
  switch (fault.do) {
    case "link":
      alterReply(exchange, (reply) => relink(fault.to, exchange, reply));
      return undefined;
    case "ignore-last":
      query.delete("last");
      return undefined;
    case "page-size":
      query.set("n", String(Math.min(fault.names, Number(query.get("n") ?? fault.names))));
      return undefined;
    case "null-entries":
      if (isList) alterReply(exchange, addEntries);
      return undefined;
    case "ignore-filter":
      query.delete("artifactType");
      return undefined;
    case "referrers-paged":
      if (kind === "referrers") alterReply(exchange, (reply) => pageReferrers(fault.size, exchange, reply));
      return undefined;
  }
}

function withoutReferrers(exchange: Exchange): Reply | undefined {
  alterReply(exchange, (reply) => withHeaders(reply, { "oci-subject": undefined }));
  return exchange.route.kind === "referrers" ? refuse(404, "UNSUPPORTED", "no such path") : undefined;
}

function relink(to: Extract<ListFault, { do: "link" }>["to"], exchange: Exchange, reply: Reply): Reply {
  if (reply.status !== 200) return reply;
  const next = /^<([^>]*)>/.exec(reply.headers.link ?? "")?.[1];
  if (to === "circle") {
    const first = `${exchange.url.pathname}?n=${exchange.url.searchParams.get("n") ?? "100"}`;
    return next === undefined ? withHeaders(reply, { link: `<${first}>; rel="next"` }) : reply;
  }
  if (next === undefined) return reply;
  if (to === "none") return withHeaders(reply, { link: undefined });
  const targets = {
    "own-host": `http://${exchange.request.headers.host ?? ""}${next}`,
    "other-host": `http://other.registry.invalid${next}`,
    relative: next.slice(next.indexOf("?")),
    "wrong-path": next.replace("/v2/", "/"),
  };
  return withHeaders(reply, { link: `<${targets[to]}>; rel="next"` });
}

function addEntries(reply: Reply): Reply {
  if (reply.status !== 200) return reply;
  const extra = `null,"sha256:${"0".repeat(64)}",`;
  return { ...reply, body: Buffer.from(String(reply.body).replace("[", `[${extra}`).replace(",]", "]")) };
}

function pageReferrers(size: number, exchange: Exchange, reply: Reply): Reply {
  if (reply.status !== 200) return reply;
  const index = JSON.parse(String(reply.body)) as { manifests: unknown[] };
  const { searchParams, pathname } = exchange.url;
  const start = Number(searchParams.get("next") ?? "0");
  const body = Buffer.from(
    JSON.stringify({ ...index, manifests: index.manifests.slice(start, start + size) }),
  );
  if (start + size >= index.manifests.length) return { ...reply, body };
  const query = new URLSearchParams(searchParams);
  query.set("next", String(start + size));
  return withHeaders({ ...reply, body }, { link: `<${pathname}?${query.toString()}>; rel="next"` });
}
