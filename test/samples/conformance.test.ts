// The OCI conformance points against the sample registry, which must pass them all, and against docker-registry 2.8, whose deviations are listed.
import { afterAll, beforeAll, describe, it } from "vitest";
import { type RegistryServer, startRegistryServer } from "../../electron/samples/registry-server.ts";
import { conformanceChecks } from "../support/conformance.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

describe("the sample registry", () => {
  let folder: TempFolder;
  let registry: RegistryServer;
  beforeAll(async () => {
    folder = await tempFolder("conformance");
    registry = await startRegistryServer({ folder: folder.path });
  });
  afterAll(async () => {
    await registry.close();
    await folder.remove();
  });
  for (const { title, run } of conformanceChecks) it(title, () => run(registry));
});

/** What distribution 2.8 does otherwise; the fixture's faults imitate the parts that matter to a client. */
const deviationsOf28: readonly RegExp[] = [
  // No referrers API.
  /^2 has an empty index of referrers/,
  /^12 /,
  /^14 /,
  /^15 takes a deleted manifest out of the referrers/,
  // Content-Range is ignored: the chunk is appended wherever it says it belongs (protocol.md 2.8).
  /^5 /,
  // The 416 tells the blob's whole length and then breaks off.
  /^7 refuses the part/,
  // Foreign layers with any URL, manifests by sha512, and wrong digests that cannot be parsed: 400 or 500.
  /^10 takes a manifest whose layer must not be distributed/,
  /^10 takes a manifest by its sha512/,
  /^11 refuses a manifest under a digest/,
  // Tags come in no order, all at once, whatever `n` and `last` say.
  /^13 lists/,
  // Only digests can be deleted.
  /^15 deletes a tag/,
];

describe("docker-registry 2.8", () => {
  let registry: RealRegistry;
  beforeAll(async () => {
    registry = await startRealRegistry({ delete: true });
  });
  afterAll(() => registry.stop());
  for (const { title, run } of conformanceChecks) {
    const deviates = deviationsOf28.some((deviation) => deviation.test(title));
    // `fails` keeps the list honest: a deviation that is gone is noticed.
    (deviates ? it.fails : it)(title, () => run(registry));
  }
});
