// zot's own rules over a registry that speaks the protocol: https://github.com/project-zot/zot pkg/api/routes.go
import { refuse } from "../../../electron/samples/exchange.ts";
import { alterReply, withHeaders } from "../fault-world.ts";
import { type FixtureOptions, type FixtureRegistry, startFixtureRegistry } from "../fixture-registry.ts";

export async function startZot(auth?: FixtureOptions["auth"]): Promise<FixtureRegistry> {
  const registry = await startFixtureRegistry(auth === undefined ? {} : { auth });
  registry.fault({
    do: "run",
    run: (exchange) => {
      const { route, url, method } = exchange;
      // ListTags: a tag that is not there leads nowhere.
      if (route.kind === "tags") {
        const last = url.searchParams.get("last");
        alterReply(exchange, async (reply) => {
          const known = last === null || (await registry.store.tags(route.repository)).includes(last);
          return known
            ? reply
            : refuse(404, "NAME_UNKNOWN", `repository name not known to registry: ${last}`);
        });
      }
      // CreateBlobUpload: an upload without bytes says the same as one with a byte.
      if (route.kind === "uploads" && method === "POST")
        alterReply(exchange, (reply) =>
          reply.status === 202 ? withHeaders(reply, { range: "0-0" }) : reply,
        );
      // DiscoverExtensions: pkg/extensions/get_extensions.go
      if (url.pathname === "/v2/_oci/ext/discover")
        alterReply(exchange, () => ({
          status: 200,
          headers: { "content-type": "application/json" },
          body: Buffer.from(
            JSON.stringify({ extensions: [{ name: "_zot", url: "https://zot.example", endpoints: [] }] }),
          ),
        }));
    },
  });
  return registry;
}
