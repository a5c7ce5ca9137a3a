// Artifactory by its "repository path method", as JFrog's reference and what people report have it.
// https://jfrog.com/help/r/jfrog-rest-apis/artifactory-rest-apis, and the threads that each rule names
import { alterReply, withHeaders } from "../fault-world.ts";
import { type FixtureRegistry, startFixtureRegistry } from "../fixture-registry.ts";
import { type ApiReply, type ApiRequest, type ApiServer, startApiServer } from "./api-server.ts";

export interface ArtifactoryOptions {
  readonly user: string;
  readonly secret: string;
  /** Images by the key of their registry, as the catalogue of each tells them. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** The name that it knows itself by; its address by default. */
  readonly host?: string;
  /** Names on a page of any list. */
  readonly page?: number;
  readonly registryTokenSeconds?: number;
  /** Keys whose catalogue is refused. */
  readonly closed?: readonly string[];
  /** False where nothing is told of the registries to this sign-in. */
  readonly tellsKeys?: boolean;
}

export interface ArtifactoryStandIn {
  readonly front: ApiServer;
  readonly registry: FixtureRegistry;
  stop(): Promise<void>;
}

const errors = (status: number, message: string): ApiReply => ({
  status,
  json: { errors: [{ status, message }] },
});

export async function startArtifactory(options: ArtifactoryOptions): Promise<ArtifactoryStandIn> {
  const { user, secret, keys, page = 1000, registryTokenSeconds = 300 } = options;
  const realm = { url: "" };
  const registry = await startFixtureRegistry({
    auth: {
      ...{ kind: "token", user, password: secret },
      ...{ lifetimeSeconds: registryTokenSeconds, toldLifetimeSeconds: 300 },
      // containerd/containerd#3556
      withoutScope: true,
      get realm() {
        return realm.url;
      },
    },
  });
  // bazel-contrib/rules_img docs/registry-support.md
  registry.fault({ do: "no-mounts" });
  // sigstore/cosign#2973
  registry.fault({ do: "deny-missing" }, { kind: "manifest" });
  // containers/skopeo#2346
  registry.fault({ do: "null-entries" }, { kind: "tags" });
  // renovatebot/renovate#15080: `last` is a number, and the link's path lacks the key.
  registry.fault(
    {
      do: "run",
      run: async (exchange) => {
        const { route, url } = exchange;
        if (route.kind !== "tags") return;
        const all = await registry.store.tags(route.repository);
        const from = Number(url.searchParams.get("last") ?? 0);
        const size = Math.min(page, Number(url.searchParams.get("n") ?? page));
        url.searchParams.set("n", String(size));
        url.searchParams.set("last", all[from - 1] ?? "");
        const [, ...image] = route.repository.split("/");
        const next = `</v2/${image.join("/")}/tags/list?last=${from + size}&n=${size}>; rel="next"`;
        alterReply(exchange, (reply) =>
          reply.status === 200
            ? withHeaders(reply, { link: from + size < all.length ? next : undefined })
            : reply,
        );
      },
    },
    { kind: "tags" },
  );

  const refused = ({ authorization }: ApiRequest): ApiReply | undefined => {
    const expected = `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
    return authorization === expected ? undefined : errors(401, "Bad credentials");
  };
  const front = await startApiServer(
    [
      [
        "GET",
        /^\/artifactory\/api\/repositories$/,
        (request) => {
          const refusal = refused(request);
          if (refusal !== undefined) return refusal;
          if (options.tellsKeys === false) return errors(403, "Forbidden");
          if (request.url.searchParams.get("packageType") !== "docker") return { status: 200, json: [] };
          return {
            status: 200,
            json: Object.keys(keys).map((key) => ({ key, type: "LOCAL", packageType: "Docker" })),
          };
        },
      ],
      [
        "GET",
        /^\/artifactory\/api\/docker\/([^/]+)\/v2\/_catalog$/,
        (request) => {
          const refusal = refused(request);
          if (refusal !== undefined) return refusal;
          const [key = ""] = request.groups;
          if (options.closed?.includes(key) === true) return errors(403, "Forbidden");
          const { searchParams } = request.url;
          const rest = [...(keys[key] ?? [])]
            .sort()
            .filter((name) => name > (searchParams.get("last") ?? ""));
          const size = Math.min(page, Number(searchParams.get("n") ?? page));
          const names = rest.slice(0, size);
          const link: Record<string, string> =
            rest.length > names.length
              ? {
                  link: `</v2/_catalog?last=${encodeURIComponent(names.at(-1) ?? "")}&n=${size}>; rel="next"`,
                }
              : {};
          return { status: 200, headers: link, json: { repositories: names } };
        },
      ],
      [
        "GET",
        /^\/v2\/_catalog$/,
        () => ({
          status: 404,
          json: { errors: [{ code: "NAME_UNKNOWN", message: "Repository '_catalog' not found" }] },
        }),
      ],
    ],
    registry.url,
  );
  realm.url = `http://${options.host ?? front.host}/token`;
  return {
    front,
    registry,
    stop: async () => {
      await front.stop();
      await registry.stop();
    },
  };
}
