// Where a reference that was typed or pasted lies.
import { describe, expect, it } from "vitest";
import { findReference, readSpot } from "../../../renderer/state/jump.ts";
import type { Endpoint } from "../../../shared/endpoint.ts";

const endpoint = (id: string, settings: Partial<Endpoint["settings"]>): Endpoint =>
  ({ id, name: id, settings }) as Endpoint;
const endpoints = [
  endpoint("local", { kind: "registry", host: "localhost:5000" }),
  endpoint("hub", { kind: "registry", host: "index.docker.io" }),
  endpoint("outer", { kind: "layout", path: "/data" }),
  endpoint("inner", { kind: "layout", path: "/data/oci" }),
];
const digest = `sha256:${"a".repeat(64)}`;

describe("findReference", () => {
  it("finds saved registries, however they are written", () => {
    expect(findReference(`localhost:5000/shop/web:v1@${digest}`, endpoints)).toEqual({
      kind: "known",
      endpointId: "local",
      repository: "shop/web",
      tag: "v1",
      digest,
    });
    expect(findReference(" docker://docker.io/alpine:3 ", endpoints)).toMatchObject({
      endpointId: "hub",
      repository: "library/alpine",
      tag: "3",
    });
    expect(findReference("https://localhost:5000", endpoints)).toMatchObject({
      endpointId: "local",
      repository: undefined,
    });
  });
  it("takes the folder that the path begins with furthest", () => {
    expect(findReference("/data/oci/app:v1", endpoints)).toMatchObject({
      endpointId: "inner",
      repository: "app",
    });
    expect(findReference("/data/app", endpoints)).toMatchObject({ endpointId: "outer", repository: "app" });
  });
  it("names a registry that is not saved", () => {
    expect(findReference("ghcr.io/org/app:v2", endpoints)).toMatchObject({
      kind: "unknown",
      host: "ghcr.io",
    });
    expect(findReference("quay.io", endpoints)).toMatchObject({ kind: "unknown", host: "quay.io" });
  });
  it("leaves other text alone", () => {
    for (const text of [
      "",
      "hello world",
      "shop/web",
      "v1.0:x",
      "a sentence. Another/one",
      "ghcr.io/Bad/Name",
    ])
      expect(findReference(text, endpoints), text).toEqual({ kind: "none" });
  });
});

describe("readSpot", () => {
  it("reads a repository of the registry that is shown", () => {
    expect(readSpot("shop/web:v1")).toEqual({ repository: "shop/web", tag: "v1", digest: undefined });
    expect(readSpot("Shop")).toBeUndefined();
  });
});
