// Which registries get a cloud's identity, and when one is only guessed.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CloudRegistry } from "../../../electron/credentials/cloud/cloud-identity.ts";
import { type Machine, thisMachine } from "../../../electron/credentials/cloud/hints.ts";
import { createCloudIdentities } from "../../../electron/credentials/cloud/identities.ts";
import { cloudEnvironment } from "../../support/vendors/cloud-environment.ts";
import { clock, networkOfThisMachine as network, never, refusal } from "./stage.ts";

function machine(
  hints: Partial<Record<"variables", Record<string, string>>> & {
    files?: string[];
    firmware?: Record<string, string>;
  } = {},
): Machine {
  return {
    variables: { HOME: "/home/ada", ...hints.variables },
    hasFile: (path) => hints.files?.includes(path) === true,
    firmware: (name) => hints.firmware?.[name] ?? "",
  };
}

const ecr = { host: "123456789012.dkr.ecr.us-east-1.amazonaws.com" };
const gar = { host: "us-docker.pkg.dev" };
const acr = { host: "acme.azurecr.io" };

function owner(registry: CloudRegistry) {
  return { id: "", registry };
}

function place(
  on: Machine,
  registry: { host: string; provider?: "ecr" },
  from?: "cloud" | "saved",
): string | null | undefined {
  return createCloudIdentities({ network, machine: on })
    .find(owner(registry), from === undefined ? undefined : { from })
    ?.describe().place;
}

describe("a cloud's identity that nobody chose", () => {
  it("is not looked for where nothing hints at one", () => {
    for (const registry of [ecr, gar, acr, { host: "public.ecr.aws" }])
      expect(place(machine(), registry), registry.host).toBeUndefined();
  });

  it.each([
    ["a variable of AWS", { variables: { AWS_PROFILE: "work" } }, "AWS"],
    ["AWS' shared credentials", { files: ["/home/ada/.aws/credentials"] }, "AWS"],
    [
      "the file that a variable names",
      { variables: { AWS_CONFIG_FILE: "/etc/aws" }, files: ["/etc/aws"] },
      "AWS",
    ],
    ["a machine of EC2", { firmware: { sys_vendor: "Amazon EC2" } }, "AWS"],
    ["gcloud's file", { files: ["/home/ada/.config/gcloud/application_default_credentials.json"] }, "Google"],
    ["a machine of Compute Engine", { firmware: { product_name: "Google Compute Engine" } }, "Google"],
    ["az login", { files: ["/home/ada/.azure/azureProfile.json"] }, "Microsoft"],
    [
      "a machine of Azure",
      { firmware: { chassis_asset_tag: "7783-7084-3265-9085-8269-3286-77" } },
      "Microsoft",
    ],
  ])("goes with %s to that cloud's hosts only", (_name, hints, cloud) => {
    const on = machine(hints);
    const found = [ecr, gar, acr].map((registry) => place(on, registry) ?? "");
    expect(found.filter((each) => each !== "")).toEqual([expect.stringContaining(cloud)]);
    // A host that somebody only says belongs to the cloud is shown nothing unasked, nor one that looks like it.
    expect(place(on, { host: "registry.evil.example", provider: "ecr" })).toBeUndefined();
    expect(place(on, { host: `${ecr.host}.evil.example` })).toBeUndefined();
    expect(place(on, { host: "docker.io" })).toBeUndefined();
    expect(place(on, ecr, "saved")).toBeUndefined();
  });
});

describe("a guess that fails", () => {
  it("keeps nobody from reading what is public, and says why there is no sign-in", async () => {
    const home = cloudEnvironment();
    mkdirSync(join(home, ".aws"));
    writeFileSync(join(home, ".aws", "config"), "[default]\nregion = eu-west-1\n");
    const identities = createCloudIdentities({ network, machine: thisMachine(process.env) });
    const found = identities.find(owner({ host: "public.ecr.aws" }), undefined);
    if (found === undefined) throw new Error("the file is a hint");
    expect(await found.get(never)).toBeUndefined();
    expect(found.describe().problem).toContain("No AWS identity was found");
    // Where nothing is public, what is missing is said at once.
    expect(await refusal(Promise.resolve(identities.find(owner(ecr), undefined)?.get(never)))).toMatchObject({
      code: "configuration",
    });
    expect(
      await refusal(
        Promise.resolve(identities.find(owner({ host: "public.ecr.aws" }), { from: "cloud" })?.get(never)),
      ),
    ).toMatchObject({ code: "configuration" });
  });

  it("is not repeated with every request", async () => {
    const home = cloudEnvironment();
    mkdirSync(join(home, ".aws"));
    const file = join(home, ".aws", "credentials");
    writeFileSync(file, "[default]\n");
    const time = clock();
    const machineOfMine = thisMachine(process.env);
    const found = createCloudIdentities({ network, machine: machineOfMine, now: time.now }).find(
      owner(ecr),
      undefined,
    );
    if (found === undefined) throw new Error("the file is a hint");
    const first = await refusal(Promise.resolve(found.get(never)));
    expect(await refusal(Promise.resolve(found.get(never)))).toBe(first);
    time.turn(61_000);
    expect(await refusal(Promise.resolve(found.get(never)))).not.toBe(first);
  });
});

describe("a cloud's identity that was chosen", () => {
  it("needs no hint, and follows what the settings say of the host", () => {
    expect(place(machine(), ecr, "cloud")).toContain("AWS");
    expect(place(machine(), { host: "registry.acme.example", provider: "ecr" }, "cloud")).toContain("AWS");
  });

  it("says so where the host belongs to no cloud", async () => {
    const found = createCloudIdentities({ network, machine: machine() }).find(owner({ host: "ghcr.io" }), {
      from: "cloud",
    });
    if (found === undefined) throw new Error("a chosen identity is always there");
    expect(await refusal(found.get(never))).toMatchObject({
      code: "configuration",
      message: expect.stringContaining("ghcr.io is not known to belong to a cloud"),
    });
    expect(found.describe().problem).toContain("ghcr.io");
  });

  it("is one for each registry and choice", () => {
    const identities = createCloudIdentities({ network, machine: machine() });
    const work = { from: "cloud", profile: "work" } as const;
    expect(identities.find(owner(ecr), work)).toBe(identities.find(owner({ ...ecr }), { ...work }));
    expect(identities.find(owner(ecr), work)).not.toBe(identities.find(owner(ecr), { from: "cloud" }));
  });
});
