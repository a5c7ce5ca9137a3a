// How token registries answer for what is not there: like for what one may not see, so as not to tell which (protocol.md 5.1).
import { refuse } from "../../../electron/samples/exchange.ts";
import { alterReply } from "../fault-world.ts";
import type { FixtureRegistry } from "../fixture-registry.ts";

/** @param realm of the token service, known when the registry answers. */
export interface HiddenOptions {
  readonly realm: () => string;
  /** What may be written to, whether it is there or not. */
  readonly mayWrite: (repository: string) => boolean;
}

/** 401 with a valid token, as Docker Hub, GitHub, GitLab and Quay do; a push makes the repository where it may. */
export function hideMissing(registry: FixtureRegistry, { realm, mayWrite }: HiddenOptions): void {
  const denied = () =>
    refuse(401, "UNAUTHORIZED", "authentication required", {
      "www-authenticate": `Bearer realm="${realm()}",service="fixture",error="insufficient_scope"`,
    });
  registry.fault({
    do: "run",
    run: (exchange) => {
      const { route, method } = exchange;
      if (!("repository" in route)) return;
      const { repository } = route;
      if (method === "GET" || method === "HEAD") {
        alterReply(exchange, async (reply) =>
          reply.status === 404 && !(await registry.store.hasRepository(repository)) ? denied() : reply,
        );
        return;
      }
      if (!mayWrite(repository)) alterReply(exchange, denied);
    },
  });
}

/** Names below these, or the names themselves. */
export function below(places: readonly string[]): (repository: string) => boolean {
  return (repository) => places.some((place) => repository === place || repository.startsWith(`${place}/`));
}
