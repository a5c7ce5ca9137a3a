// What vendors take as the protocol has it: layers in parts, past lost answers and tokens that end between two of them; deletes.
import { describe, expect, it } from "vitest";
import type { ImageEndpoint } from "../../../electron/engine/ports.ts";
import { harness } from "../../engine/harness.ts";
import { bytesOf, putImage } from "../../engine/images.ts";
import { sha256 } from "../../engine/memory-endpoint.ts";
import { planBetween, runBetween } from "../../engine/over-http.ts";
import type { FixtureRegistry } from "../../support/fixture-registry.ts";
import { startArtifactory } from "../../support/vendors/artifactory.ts";
import { startHub } from "../../support/vendors/docker-hub.ts";
import { startGitlab } from "../../support/vendors/gitlab.ts";
import { startHarbor } from "../../support/vendors/harbor.ts";
import { startNexus } from "../../support/vendors/nexus.ts";
import { startZot } from "../../support/vendors/zot.ts";
import { afterwards, options } from "../scripted-server.ts";
import { clientOf, copyTo, password, refusalOf } from "./stand-ins.ts";

/** A vendor's stand-in, and a client that is signed in there with tokens of one second. */
interface Side {
  readonly registry: FixtureRegistry;
  readonly client: ImageEndpoint;
  /** Where that client may push. */
  readonly repository: string;
}

const user = "ci";
const secret = "vendor-secret";
const credential = password(user, secret);
const registryTokenSeconds = 1;

const sides: Readonly<Record<string, () => Promise<Side>>> = {
  "Docker Hub": async () => {
    const stand = await startHub({ user, secret, namespaces: { ci: [] }, registryTokenSeconds });
    afterwards(() => stand.stop());
    const client = clientOf("docker-hub", stand.registry.host, { credential, apiUrl: stand.api.url });
    return { registry: stand.registry, client, repository: "ci/app" };
  },
  Harbor: async () => {
    const stand = await startHarbor({ user, secret, projects: [{ name: "team" }], registryTokenSeconds });
    afterwards(() => stand.stop());
    const client = clientOf("harbor", stand.front.host, { credential });
    return { registry: stand.registry, client, repository: "team/deep/app" };
  },
  GitLab: async () => {
    const projects = [{ id: 1, path: "acme/web", images: [] }];
    const stand = await startGitlab({ user, token: secret, projects, registryTokenSeconds });
    afterwards(() => stand.stop());
    const client = clientOf("gitlab", stand.registry.host, { credential, apiUrl: stand.web.url });
    return { registry: stand.registry, client, repository: "acme/web/app" };
  },
  Artifactory: async () => {
    const stand = await startArtifactory({ user, secret, keys: {}, registryTokenSeconds });
    afterwards(() => stand.stop());
    const client = clientOf("artifactory", stand.front.host, { credential });
    return { registry: stand.registry, client, repository: "docker-local/app" };
  },
  Nexus: async () => {
    const registry = await startNexus({
      auth: { kind: "token", user, password: secret, lifetimeSeconds: 1, toldLifetimeSeconds: 300 },
    });
    afterwards(() => registry.stop());
    return { registry, client: clientOf("nexus", registry.host, { credential }), repository: "team/app" };
  },
  zot: async () => {
    const registry = await startZot({
      ...{ kind: "token", user, password: secret },
      ...{ lifetimeSeconds: 1, toldLifetimeSeconds: 300 },
    });
    afterwards(() => registry.stop());
    return { registry, client: clientOf("zot", registry.host, { credential }), repository: "team/app" };
  },
};

describe("a large layer in parts", () => {
  it.each(Object.keys(sides))("reaches %s whole, past a lost answer and tokens that end", async (vendor) => {
    const side = await sides[vendor]?.();
    if (side === undefined) throw new Error(`${vendor} has no stand-in.`);
    const { registry, client, repository } = side;
    const size = 1_000_000;
    const h = harness({ transfer: { partsFrom: 200_000, partSize: 100_000 } });
    putImage(h.source, { repository: "big", tag: "v1", layers: [["big", size]] });
    registry.fault({ do: "delay", ms: 150 }, { method: "PATCH" });
    const lost = registry.fault({ do: "lose-reply" }, { method: "PATCH", after: 4, times: 1 });
    const from = { kind: "image" as const, repository: "big", reference: "v1" };
    const planned = await planBetween(
      h,
      { destination: client },
      { selection: [{ ...from, destinationRepository: repository }] },
    );
    expect((await runBetween(h, { destination: client }, planned)).state).toBe("succeeded");
    expect(lost.count).toBe(1);
    const patches = registry.requests.filter(({ method }) => method === "PATCH");
    expect(patches.some(({ status }) => status === 401)).toBe(true);
    const taken = patches.filter(({ status }) => status !== 401);
    expect(taken.length).toBeGreaterThanOrEqual(10);
    expect(taken.reduce((sum, { bytesIn }) => sum + bytesIn, 0)).toBe(size);
    expect(await registry.store.blobSize(repository, sha256(bytesOf("big", size)))).toBe(size);
  });
});

describe("a delete as the protocol has it", () => {
  it.each(["Artifactory", "Nexus", "zot"])(
    "takes a tag, then an image with its tags, at %s",
    async (vendor) => {
      const side = await sides[vendor]?.();
      if (side === undefined) throw new Error(`${vendor} has no stand-in.`);
      const { registry, client, repository } = side;
      await copyTo(client, repository);
      const digest = await registry.store.tagDigest(repository, "v1");
      if (digest === undefined) throw new Error("The image did not arrive.");
      const manifest = await client.getManifest(repository, "v1", options());
      for (const tag of ["v2", "v3"]) await client.putManifest(repository, tag, manifest, options());

      await client.deleteManifest(repository, "v1", options());
      expect(await registry.store.tags(repository)).toEqual(["v2", "v3"]);
      expect(await refusalOf(client.deleteManifest(repository, "v1", options()))).toMatchObject({
        // Artifactory says of what is missing that it is forbidden: sigstore/cosign#2973.
        code: vendor === "Artifactory" ? "forbidden" : "manifest-unknown",
      });
      await client.deleteManifest(repository, digest, options());
      expect(await registry.store.tags(repository)).toEqual([]);
      expect(await registry.store.manifest(repository, digest)).toBeUndefined();
    },
  );
});
