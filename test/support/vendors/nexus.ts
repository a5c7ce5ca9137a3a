// A docker registry of Nexus on a port of its own, as people meet it: the threads that each rule names.
import { answerJson } from "../../../electron/samples/exchange.ts";
import { alterReply, withHeaders } from "../fault-world.ts";
import { type FixtureOptions, type FixtureRegistry, startFixtureRegistry } from "../fixture-registry.ts";

export interface NexusOptions {
  readonly auth?: FixtureOptions["auth"];
  /** What leads to the next page: nothing, a link to the path inside, or the right one. */
  readonly links?: "none" | "inner" | "right";
  /** True = "Disable redeploy" as deployment policy. */
  readonly keepsTags?: boolean;
}

export async function startNexus(options: NexusOptions = {}): Promise<FixtureRegistry> {
  const { auth = { kind: "basic", user: "ci", password: "nexus-secret" }, links = "right" } = options;
  const registry = await startFixtureRegistry({ auth });
  // https://help.sonatype.com/en/rest-and-integration-api.html
  registry.fault({ do: "set-headers", headers: { server: "Nexus/3.70.1-02 (OSS)" } });
  // containers/skopeo#2409; beside full pages without links, whose entries are counted, only where a test serves its own.
  if (links !== "none") registry.fault({ do: "null-entries" }, { kind: "tags" });
  // renovatebot/renovate#18447
  if (links === "none") registry.fault({ do: "link", to: "none" });
  // sonatype/nexus-public#1011
  if (links === "inner")
    registry.fault({
      do: "run",
      run: (exchange) =>
        alterReply(exchange, (reply) => {
          const { link } = reply.headers;
          if (link === undefined) return reply;
          const inner = `<http://${exchange.request.headers.host}/repository/docker-hosted/v2/`;
          return withHeaders(reply, { link: link.replace("</v2/", inner) });
        }),
    });
  // GoogleContainerTools/jib#3057: what it means stands in the detail.
  if (options.keepsTags === true)
    registry.fault({
      do: "run",
      run: async (exchange) => {
        const { route, method } = exchange;
        if (method !== "PUT" || route.kind !== "manifest" || route.reference.includes(":")) return;
        if ((await registry.store.tagDigest(route.repository, route.reference)) === undefined) return;
        const detail = "Repository does not allow updating assets: docker-hosted";
        const errors = [{ code: "BLOB_UPLOAD_INVALID", message: "blob upload invalid", detail }];
        alterReply(exchange, () => answerJson({ errors }, {}, 400));
      },
    });
  return registry;
}
