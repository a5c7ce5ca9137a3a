// Signing in to Azure's registries: tokens of a managed identity, against a stand-in of its endpoint.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { cloudEnvironment } from "../../support/vendors/cloud-environment.ts";
import { identityHeader, type ManagedIdentity, startManagedIdentity } from "../../support/vendors/entra.ts";
import { identity, never, refusal, secretOf } from "./stage.ts";

const host = "acme.azurecr.io";
const minute = 60_000;

describe("a Microsoft Entra identity", () => {
  // One for all tests: Microsoft's library finds the endpoint once in a process and keeps it, and tokens, too.
  let server: ManagedIdentity;
  beforeAll(async () => {
    server = await startManagedIdentity();
  });
  afterAll(async () => {
    vi.useRealTimers();
    await server.stop();
  });
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"] });
    cloudEnvironment({
      IDENTITY_ENDPOINT: server.url,
      IDENTITY_HEADER: identityHeader,
      AZURE_TOKEN_CREDENTIALS: "prod",
    });
  });
  afterEach(() => {
    // Whatever was kept has ended when the next test begins.
    vi.setSystemTime(Date.now() + 120 * minute);
    server.refuse(undefined);
  });

  const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

  it("is a token for registries, with the tenant and the client that are chosen", async () => {
    const tenant = "11111111-2222-3333-4444-555555555555";
    const azure = identity({ host }, { from: "cloud", tenant, client: "client-1" });
    const credential = await azure.get(never);
    expect(credential).toMatchObject({
      kind: "entra-token",
      token: expect.stringMatching(/^entra-\d+-for-https:\/\/containerregistry\.azure\.net$/),
      tenant,
    });
    expect((credential.expiresAt ?? 0) - Date.now()).toBeGreaterThan(50 * minute);
    expect(server.asked.at(-1)?.url.searchParams.get("client_id")).toBe("client-1");
    expect(azure.describe()).toEqual({
      username: null,
      place: `Microsoft Entra identity (tenant ${tenant}, client client-1)`,
      expiresAt: credential.expiresAt,
      problem: null,
    });
  });

  it.each([
    ["acme.azurecr.cn", "management.chinacloudapi.cn"],
    ["acme.azurecr.us", "management.usgovcloudapi.net"],
  ])("is made out for the cloud of %s", async (national, audience) => {
    expect(secretOf(await identity({ host: national }).get(never))).toContain(audience);
  });

  it("S005 renews ahead of the end, and asks anew after a refusal", async () => {
    const azure = identity({ host });
    const first = await azure.get(never);
    const asked = server.asked.length;
    later(20 * minute);
    expect(await azure.get(never)).toBe(first);
    expect(server.asked).toHaveLength(asked);
    // The library itself holds on to a token until five minutes before its end.
    later(36 * minute);
    const second = await azure.get(never);
    expect(secretOf(second)).not.toBe(secretOf(first));
    expect(second.expiresAt ?? 0).toBeGreaterThan(Date.now() + 50 * minute);
    later(57 * minute);
    const third = await azure.get(never, second);
    expect(secretOf(third)).not.toBe(secretOf(second));
  });

  it("says that there is none, and what to do", async () => {
    vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential");
    expect(await refusal(identity({ host }).get(never))).toMatchObject({
      code: "configuration",
      message: expect.stringMatching(/^No Microsoft Entra identity was found\. .*az login/),
    });
  });

  it("says that a setting is wrong, in the library's own words", async () => {
    vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "SomethingElse");
    const error = await refusal(identity({ host }).get(never));
    expect(error).toMatchObject({
      code: "configuration",
      message: expect.stringContaining("Microsoft Entra could not be asked for a token."),
    });
    expect(String((error as Error).cause)).toContain("AZURE_TOKEN_CREDENTIALS = SomethingElse");
  });

  it("says that it is refused, without the secret of the endpoint", async () => {
    server.refuse({ status: 400, json: { error: "invalid_client", error_description: "unknown client" } });
    const error = await refusal(identity({ host }).get(never));
    expect(error).toMatchObject({ code: "unauthorized" });
    expect(String((error as Error).cause) + String(error)).not.toContain(identityHeader);
  });
});
