// Search, order and groups of the registries, and what kind each address is.
import { describe, expect, it } from "vitest";
import { arrange, type RegistryView } from "../../../../renderer/screens/registries/order-registries.ts";
import { kindOfHost } from "../../../../renderer/screens/registries/registry-kind.ts";
import type { Endpoint, EndpointHealth } from "../../../../shared/endpoint.ts";

function registry(id: string, name: string, host: string, state: EndpointHealth["state"]): Endpoint {
  return {
    id,
    name,
    settings: {
      kind: "registry",
      host,
      plainHttp: "auto",
      insecureSkipVerify: false,
      trustedTokenHosts: [],
      connections: 8,
    },
    credential: { source: "none", username: null, place: null, expiresAt: null, problem: null },
    capabilities: null,
    health: { state, checkedAt: 1, steps: [] },
    sample: false,
    temporary: false,
  };
}

const all = [
  registry("c", "mirror 10", "mirror-10.example", "ok"),
  registry("a", "Mirror 9", "mirror-9.example", "failing"),
  registry("b", "Hub", "docker.io", "needs-sign-in"),
];
const view: RegistryView = { search: "", sort: "name", grouped: false };
const ids = (change: Partial<RegistryView>): readonly string[] =>
  arrange(all, { c: { group: "Edge", colour: "red" } }, { ...view, ...change }).flatMap(({ members }) =>
    members.map(({ id }) => id),
  );

describe("arrange", () => {
  it("sorts by name as people count, by what needs somebody, and as added", () => {
    expect(ids({})).toEqual(["b", "a", "c"]);
    expect(ids({ sort: "health" })).toEqual(["a", "b", "c"]);
    expect(ids({ sort: "added" })).toEqual(["c", "a", "b"]);
  });

  it("finds every word in name, address, kind and group", () => {
    expect(ids({ search: "docker hub" })).toEqual(["b"]);
    expect(ids({ search: "mirror edge" })).toEqual(["c"]);
    expect(ids({ search: "nothing like it" })).toEqual([]);
  });

  it("puts those without a group last", () => {
    const groups = arrange(all, { c: { group: "Edge", colour: "red" } }, { ...view, grouped: true });
    expect(groups.map(({ name, members }) => [name, members.length])).toEqual([
      ["Edge", 1],
      ["", 2],
    ]);
  });
});

it.each([
  ["docker.io", "docker-hub"],
  ["ghcr.io", "ghcr"],
  ["123456789012.dkr.ecr.eu-central-1.amazonaws.com", "ecr"],
  ["public.ecr.aws", "ecr-public"],
  ["europe-docker.pkg.dev", "google"],
  ["eu.gcr.io", "google"],
  ["team.azurecr.io", "acr"],
  ["quay.io", "quay"],
  ["registry.gitlab.com", "gitlab"],
  // A name is no proof: what runs there is chosen by hand.
  ["gitlab.example:5050", "generic"],
  ["harbor.example", "generic"],
  ["localhost:5000", "local"],
  ["notquay.io", "generic"],
  ["evilgcr.io.example", "generic"],
  ["registry.example", "generic"],
])("knows %s as %s", (host, kind) => {
  expect(kindOfHost(host)).toBe(kind);
});
