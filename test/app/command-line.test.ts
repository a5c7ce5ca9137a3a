// The command line behind a run, quoted for a shell and free of secrets.
import { describe, expect, it } from "vitest";
import { commandLine } from "../../electron/app/command-line.ts";
import type { StoredEndpoint } from "../../electron/store/store.ts";
import { shellWord } from "../../shared/command-words.ts";
import { endpointSettingsSchema } from "../../shared/endpoint.ts";
import { jobSpecSchema, type Run } from "../../shared/run.ts";

const endpoint = (settings: unknown, username: string | null = null): StoredEndpoint => ({
  id: "a",
  name: "a",
  settings: endpointSettingsSchema.parse(settings),
  sample: false,
  temporary: false,
  username,
  health: { state: "unknown", checkedAt: null, steps: [] },
  capabilities: null,
});
const registry = endpoint({ kind: "registry", host: "localhost:5000" });
const secured = endpoint(
  {
    kind: "registry",
    host: "r.example",
    plainHttp: "always",
    insecureSkipVerify: true,
    caFile: "/my ca.pem",
  },
  "robot$x",
);
const folder = endpoint({ kind: "layout", path: "/vault" });
const mutual = endpoint({
  ...{ kind: "registry", host: "m.example", provider: "harbor", proxy: "none" },
  ...{ clientCertFile: "/c.pem", clientKeyFile: "/k.pem" },
});

function run(selection: unknown, more: object = {}): Run {
  return { spec: jobSpecSchema.parse({ sourceId: "a", destinationId: "b", selection, ...more }) } as Run;
}

describe("the command behind a run", () => {
  it("is a copy for named images", () => {
    const images = [
      { kind: "image", repository: "team/app", reference: "v1" },
      {
        kind: "image",
        repository: "team/app",
        reference: "v2",
        destinationRepository: "x/y",
        destinationTag: "w",
      },
    ];
    expect(commandLine(run(images), registry, folder)).toBe(
      "freightliner copy localhost:5000/team/app:v1 oci:/vault:team/app:v1 && \\\nfreightliner copy localhost:5000/team/app:v2 oci:/vault:x/y:w",
    );
    expect(commandLine(run(images.slice(1), { mapping: { kind: "keep" } }), folder, registry)).toBe(
      "freightliner copy oci:/vault:team/app:v2 localhost:5000/x/y:w",
    );
  });

  it("is a replicate for rules, with every option that is not the default", () => {
    const rule = {
      kind: "repositories",
      names: ["team/app"],
      include: ["tools/**"],
      exclude: ["**/scratch"],
      tags: { names: ["latest"], include: ["v*"], exclude: ["*-rc"] },
    };
    const options = { overwrite: "always", verifyBlobs: true, parallelImages: 8 };
    expect(
      commandLine(
        run([rule], { mapping: { kind: "prefix", prefix: "mirror/" }, options }),
        registry,
        secured,
      ),
    ).toBe(
      "freightliner replicate --source localhost:5000 --destination r.example --repository team/app --repository-pattern 'tools/**' " +
        "--exclude-repo '**/scratch' --tags latest --tag-filter 'v*' --exclude-tag '*-rc' --prefix mirror/ --destination-plain-http " +
        "--destination-insecure-skip-verify --destination-ca '/my ca.pem' --overwrite always --verify --parallel-workers 8",
    );
    expect(
      commandLine(
        run([{ kind: "repositories", tags: {} }], { mapping: { kind: "into", repository: "all" } }),
        registry,
        registry,
      ),
    ).toContain("--into all");
  });

  it("names how each registry is reached, and archives by their kind", () => {
    const image = { kind: "image", repository: "app", reference: "v1" };
    const archive = (format?: "oci" | "docker") => endpoint({ kind: "archive", path: "/a.tar", format });
    expect(commandLine(run([image]), mutual, archive())).toBe(
      "freightliner copy m.example/app:v1 oci-archive:/a.tar:app:v1 " +
        "--source-client-cert /c.pem --source-client-key /k.pem --source-proxy none --source-kind harbor",
    );
    expect(commandLine(run([image]), archive("docker"), registry)).toBe(
      "freightliner copy docker-archive:/a.tar:app:v1 localhost:5000/app:v1",
    );
  });

  it("quotes what a shell would read", () => {
    expect(["plain-1.2:x", "it's", "$(rm)", "=ls", "~", ""].map(shellWord)).toEqual([
      "plain-1.2:x",
      "'it'\\''s'",
      "'$(rm)'",
      "'=ls'",
      "'~'",
      "''",
    ]);
  });
});
