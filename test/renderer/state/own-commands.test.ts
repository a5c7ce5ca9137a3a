// Commands for what the window shows: registries by their saved names, the data folder that knows these, never a secret.
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { connection } from "../../../renderer/api/client.ts";
import { useEndpoints } from "../../../renderer/state/endpoints.ts";
import {
  copyOwnCommand,
  inspectCommand,
  jobCommand,
  pairCommand,
} from "../../../renderer/state/own-commands.ts";
import { usePastToasts } from "../../../renderer/state/past-toasts.ts";
import { type Endpoint, endpointSettingsSchema } from "../../../shared/endpoint.ts";
import type { SavedJob } from "../../../shared/job.ts";
import { capabilities, ScriptedHost } from "../screens/scripted-host.ts";

const pin = `sha256/${"a".repeat(43)}=`;

function endpoint(id: string, name: string, settings: object): Endpoint {
  return { id, name, settings: endpointSettingsSchema.parse(settings) } as Endpoint;
}

beforeAll(async () => {
  new ScriptedHost();
  await vi.waitFor(() => expect(connection.state.kind).toBe("open"));
});
beforeEach(() => {
  usePastToasts.setState({ toasts: [] });
  vi.stubGlobal("navigator", { clipboard: { writeText: () => Promise.resolve() } });
  useEndpoints.setState({
    endpoints: [
      endpoint("plain", "a.test:5000", { kind: "registry", host: "a.test:5000", plainHttp: "always" }),
      endpoint("pinned", "My mirror", { kind: "registry", host: "b.test", pins: [pin], tls13Only: true }),
      endpoint("folder", "images", { kind: "layout", path: "/srv/images" }),
      endpoint("one", "c.test", { kind: "registry", host: "c.test" }),
      endpoint("two", "c.test", { kind: "registry", host: "c.test", anonymous: true }),
    ],
  });
});

const at = (endpointId: string, reference = "v1") => ({ endpointId, repository: "team/app", reference });

describe("own commands", () => {
  it("look into an image of what is saved, where it is saved", () => {
    expect(inspectCommand(at("plain"))).toBe("freightliner inspect --home /data a.test:5000/team/app:v1");
    expect(inspectCommand(at("pinned"))).toBe("freightliner inspect --home /data 'My mirror/team/app:v1'");
    expect(inspectCommand(at("folder"))).toBe(
      "freightliner inspect --home /data oci:/srv/images:team/app:v1",
    );
  });

  it("compare and verify two, with what was asked for", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const ends = { source: at("plain"), destination: at("pinned", digest) };
    const both = `--home /data a.test:5000/team/app:v1 'My mirror/team/app@${digest}'`;
    expect(pairCommand("compare", ends)).toBe(`freightliner compare ${both}`);
    expect(pairCommand("verify", ends, ["--no-attachments"])).toBe(
      `freightliner verify ${both} --no-attachments`,
    );
  });

  it("are none where a registry was removed", () => {
    expect(inspectCommand(at("gone"))).toBeUndefined();
    expect(pairCommand("compare", { source: at("plain"), destination: at("gone") })).toBeUndefined();
  });

  it("are refused where the name is another's too, rather than mean the wrong one", async () => {
    await copyOwnCommand(() => inspectCommand(at("two")));
    const [told] = usePastToasts.getState().toasts;
    expect(told).toMatchObject({
      tone: "bad",
      text: expect.stringContaining("cannot name the registry “c.test”"),
    });
  });

  it("keep a job's name from being read as an option", () => {
    expect(jobCommand({ name: "--all" } as SavedJob)).toBe("freightliner jobs run --home /data -- --all");
  });

  it("say on Windows whose quotes they are written with", async () => {
    const titles = async () => {
      await copyOwnCommand(() => inspectCommand(at("pinned")));
      return usePastToasts.getState().toasts.map(({ title }) => title);
    };
    expect(await titles()).toEqual(["The command was copied"]);
    new ScriptedHost().answer("app.hello", () => ({ ...capabilities, platform: "win32" }));
    await vi.waitFor(() =>
      expect(connection.state).toMatchObject({ kind: "open", capabilities: { platform: "win32" } }),
    );
    expect(await titles()).toContain("The command is written for a POSIX shell such as Git Bash");
  });
});
