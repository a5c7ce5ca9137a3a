// What a registry's row and details warn of: connections that anybody may read or that show no certificate, and pulls that run out.
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { RegistryFlags } from "../../../../renderer/screens/registries/registry-flags.tsx";
import { RegistryNow } from "../../../../renderer/screens/registries/registry-now.tsx";
import { registriesText } from "../../../../renderer/text/registries.ts";
import { type Endpoint, endpointSettingsSchema } from "../../../../shared/endpoint.ts";
import type { HostStatus } from "../../../../shared/host.ts";
import { ScriptedHost } from "../scripted-host.ts";

const engine = new ScriptedHost();
afterEach(cleanup);

function show(settings: object): void {
  const endpoint: Endpoint = {
    ...{ id: "e1", name: "One", capabilities: null, sample: false, temporary: false },
    settings: endpointSettingsSchema.parse({ kind: "registry", host: "registry.example", ...settings }),
    credential: { source: "none", username: null, place: null, expiresAt: null, problem: null },
    health: { state: "ok", checkedAt: 1, steps: [] },
  };
  render(<RegistryFlags endpoint={endpoint} />);
}

describe("S011 a connection that is not safe", () => {
  it("is marked red: plain HTTP, and a certificate that is not checked", () => {
    show({ plainHttp: "always", insecureSkipVerify: true });
    for (const words of [registriesText.plainHttpBadge, registriesText.unverifiedBadge])
      expect(screen.getByText(words).className).toContain("text-bad");
  });

  it("is not red on this machine, and TLS is not marked at all", () => {
    show({ host: "127.0.0.1:5000", plainHttp: "always" });
    expect(screen.getByText(registriesText.plainHttpBadge).className).not.toContain("text-bad");
    cleanup();
    show({});
    expect(document.body.textContent).toBe("");
  });
});

describe("the pulls that are left", () => {
  it("are a gauge with the figures and the time that they are for", async () => {
    const host: HostStatus = {
      ...{ host: "docker.io", limit: 4, most: 8, adaptive: true, bulk: 0, small: 0, waiting: 0 },
      ...{ state: "ok", until: null, reason: null, bandwidth: null, bytesPerSecond: 0, latencyMs: 12 },
      quota: { limit: 100, remaining: 20, windowSeconds: 21_600, seenAt: 0 },
    };
    engine.answer("hosts.list", () => ({ hosts: [host] }));
    render(<RegistryNow host="docker.io" />);
    const gauge = await screen.findByRole("progressbar", { name: registriesText.now.quota });
    expect(gauge.getAttribute("aria-valuenow")).toBe("20");
    expect(document.body.textContent).toMatch(/20 of 100/);
  });
});
