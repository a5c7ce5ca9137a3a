// What of a registry's settings counts for its mirrors: the way out of the network and that nobody is signed in, no secret.
import { describe, expect, it } from "vitest";
import { openMirrors } from "../../electron/app/open-mirrors.ts";
import type { ImageSource } from "../../electron/engine/ports.ts";
import { type EndpointSettings, endpointSettingsSchema } from "../../shared/endpoint.ts";

type RegistryEndpoint = EndpointSettings & { kind: "registry" };

function opened(settings: object): RegistryEndpoint[] {
  const parsed = endpointSettingsSchema.parse({
    kind: "registry",
    host: "registry.example",
    mirrors: [{ location: "mirror.example/cache" }, { location: "localhost:5000", plainHttp: true }],
    ...settings,
  });
  if (parsed.kind !== "registry") throw new Error("a registry was expected");
  const found: RegistryEndpoint[] = [];
  const source = { host: "anywhere" } as ImageSource;
  openMirrors({
    origin: source,
    settings: parsed,
    open: (mirror) => {
      found.push(mirror);
      return source;
    },
    onNews: () => undefined,
  });
  return found;
}

describe("settings of a mirror", () => {
  it("sign nobody in where nobody is to be signed in at the registry", () => {
    expect(opened({ anonymous: true }).map(({ anonymous }) => anonymous)).toEqual([true, true]);
    expect(opened({}).map(({ anonymous }) => anonymous)).toEqual([undefined, undefined]);
  });

  it("have nothing of the registry's own sign-in, trust and API, and plain http only where the mirror says so", () => {
    const own = {
      plainHttp: "always",
      insecureSkipVerify: true,
      trustedTokenHosts: ["tokens.example"],
      apiUrl: "https://api.example",
      credential: { from: "environment", username: "U", password: "P" },
      caFile: "/ca.pem",
      clientCertFile: "/client.pem",
      clientKeyFile: "/client.key",
    };
    const [mirror, local] = opened(own);
    expect(mirror).toEqual({
      kind: "registry",
      host: "mirror.example",
      plainHttp: "auto",
      insecureSkipVerify: false,
      trustedTokenHosts: [],
      connections: 8,
      readOnly: true,
    });
    expect(local).toMatchObject({ host: "localhost:5000", plainHttp: "always" });
  });
});
