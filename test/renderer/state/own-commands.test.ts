// Commands for what the window shows: the words of both ends, how they are connected to, and never a secret.
import { beforeEach, describe, expect, it } from "vitest";
import { useEndpoints } from "../../../renderer/state/endpoints.ts";
import { inspectCommand, jobCommand, pairCommand } from "../../../renderer/state/own-commands.ts";
import { type Endpoint, endpointSettingsSchema } from "../../../shared/endpoint.ts";
import type { SavedJob } from "../../../shared/job.ts";

function endpoint(id: string, settings: object, username: string | null): Endpoint {
  return {
    id,
    name: id,
    settings: endpointSettingsSchema.parse(settings),
    credential: { source: username === null ? "none" : "saved", username },
  } as Endpoint;
}

beforeEach(() => {
  useEndpoints.setState({
    endpoints: [
      endpoint("plain", { kind: "registry", host: "a.test:5000", plainHttp: "always" }, null),
      endpoint("signed", { kind: "registry", host: "b.test", caFile: "/my ca.pem" }, "mover"),
      endpoint("folder", { kind: "layout", path: "/srv/images" }, null),
    ],
  });
});

const at = (endpointId: string, reference = "v1") => ({ endpointId, repository: "team/app", reference });

describe("own commands", () => {
  it("look into an image as it is connected to here", () => {
    expect(inspectCommand(at("plain"))).toBe("freightliner inspect a.test:5000/team/app:v1 --plain-http");
    expect(inspectCommand(at("folder"))).toBe("freightliner inspect oci:/srv/images:team/app:v1");
  });

  it("compare and verify two, each with its own connection", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const ends = { source: at("plain"), destination: at("signed", digest) };
    expect(pairCommand("verify", ends)).toBe(
      `freightliner verify a.test:5000/team/app:v1 b.test/team/app@${digest} --source-plain-http ` +
        "--destination-ca '/my ca.pem'",
    );
  });

  it("are none where a registry was removed", () => {
    expect(inspectCommand(at("gone"))).toBeUndefined();
    expect(pairCommand("compare", { source: at("plain"), destination: at("gone") })).toBeUndefined();
  });

  it("keep a job's name from being read as an option", () => {
    expect(jobCommand({ name: "--all" } as SavedJob)).toBe("freightliner jobs run -- --all");
  });
});
