// Deep links: what each kind of link plans; nothing is started, and unknown registries are asked for first.
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Endpoint } from "../../../../shared/endpoint.ts";

const planned = vi.hoisted(() => [] as unknown[]);
vi.mock("../../../../renderer/state/plan.ts", () => ({
  planLink: (spec: unknown) => {
    planned.push(spec);
    return Promise.resolve();
  },
}));
const { openLink, specOf } = await import("../../../../renderer/screens/transfer/links/open-link.ts");
const { useEndpoints } = await import("../../../../renderer/state/endpoints.ts");
const { useUnknownRegistry } = await import("../../../../renderer/state/jump.ts");

const endpoint = (id: string, host: string): Endpoint =>
  ({ id, name: id, settings: { kind: "registry", host } }) as Endpoint;
const nothing = { repository: undefined, tag: undefined, digest: undefined };

beforeEach(() => {
  planned.length = 0;
  useEndpoints.setState({ endpoints: [endpoint("aaa", "a.example")], loaded: true });
  useUnknownRegistry.setState({ host: undefined });
});

describe("openLink", () => {
  it("asks before it adds a registry, and plans when it was added", () => {
    openLink({ from: "a.example/shop/web:v1", to: "b.example/team/web" });
    expect(planned).toEqual([]);
    expect(useUnknownRegistry.getState().host).toBe("b.example");
    useUnknownRegistry.getState().onAdded(endpoint("bbb", "b.example"));
    expect(planned).toEqual([
      {
        sourceId: "aaa",
        destinationId: "bbb",
        selection: [
          { kind: "image", repository: "shop/web", reference: "v1", destinationRepository: "team/web" },
        ],
        mapping: { kind: "into", repository: "team/web" },
      },
    ]);
  });
  it("plans nothing from what is no reference", () => {
    openLink({ from: "not a reference", to: "a.example" });
    expect(planned).toEqual([]);
    expect(useUnknownRegistry.getState().host).toBeUndefined();
  });
});

describe("specOf", () => {
  const to = { endpointId: "b", ...nothing };
  it("copies a repository, or all of them", () => {
    expect(specOf({ endpointId: "a", ...nothing, repository: "x" }, to)).toMatchObject({
      selection: [{ kind: "repositories", names: ["x"] }],
      mapping: { kind: "keep" },
    });
    expect(specOf({ endpointId: "a", ...nothing }, { ...to, repository: "mirror" })).toMatchObject({
      selection: [{ kind: "repositories", include: ["**"] }],
      mapping: { kind: "prefix", prefix: "mirror" },
    });
  });
  it("gives a tag its new name, and a pinned one its old", () => {
    const from = { endpointId: "a", ...nothing, repository: "x", tag: "v1" };
    expect(specOf(from, { ...to, repository: "y", tag: "prod" }).selection[0]).toMatchObject({
      reference: "v1",
      destinationTag: "prod",
    });
    const digest = `sha256:${"b".repeat(64)}`;
    expect(specOf({ ...from, digest }, to).selection[0]).toMatchObject({
      reference: digest,
      destinationTag: "v1",
    });
  });
});
