// What the question before a registry is removed says of the passwords that go with it.
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { RemoveDialog } from "../../../../renderer/screens/registries/endpoint-dialogs.tsx";
import { registriesText } from "../../../../renderer/text/registries.ts";
import { type CredentialSource, type Endpoint, endpointSettingsSchema } from "../../../../shared/endpoint.ts";

afterEach(cleanup);

function ask(source: CredentialSource, settings: object = {}): string {
  const endpoint: Endpoint = {
    ...{ id: "e1", name: "One", capabilities: null, sample: false, temporary: false },
    settings: endpointSettingsSchema.parse({ kind: "registry", host: "registry.example", ...settings }),
    credential: { source, username: null, place: null, expiresAt: null, problem: null },
    health: { state: "ok", checkedAt: 1, steps: [] },
  };
  render(<RemoveDialog endpoint={endpoint} onClose={() => {}} />);
  const text = screen.getByRole("dialog", { name: "Remove One?" }).textContent;
  cleanup();
  return text;
}

it("names the password that this program keeps, and none that is somebody else's", () => {
  const { removePassword } = registriesText;
  expect(ask("saved")).toContain("Its saved password is removed, too.");
  expect(ask("saved")).toContain("registry.example is taken off this list. Nothing is deleted there.");
  expect(ask("entered")).toContain(removePassword.entered);
  for (const source of ["none", "docker-config", "docker-helper", "cloud"] as const)
    expect(ask(source)).not.toMatch(/password/i);
});

it("names the one of its proxy", () => {
  const proxied = { proxy: "http://proxy.example:3128", proxySignIn: true };
  expect(ask("saved", proxied)).toContain("too. So is the password for its proxy.");
  expect(ask("none", proxied)).toContain(registriesText.removeOnlyProxyPassword);
});
