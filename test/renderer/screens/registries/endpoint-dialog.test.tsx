// Adding and editing a registry: what this machine knows of its host, and all that is handed to the engine.
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { queryClient } from "../../../../renderer/api/query.ts";
import {
  AddRegistryDialog,
  EditRegistryDialog,
} from "../../../../renderer/screens/registries/add-registry-dialog.tsx";
import { useSecrets } from "../../../../renderer/state/secrets.ts";
import type { MethodResult } from "../../../../shared/contract.ts";
import { type CheckStep, type Endpoint, endpointSettingsSchema } from "../../../../shared/endpoint.ts";
import { ScriptedHost } from "../scripted-host.ts";

const host = new ScriptedHost();
const user = userEvent.setup();
const none = { source: "none", username: null, place: null, expiresAt: null, problem: null } as const;
const pin = `sha256/${"A".repeat(43)}=`;

function saved(settings: unknown): Endpoint {
  return {
    id: "e1",
    name: "One",
    settings: endpointSettingsSchema.parse(settings),
    credential: none,
    capabilities: null,
    health: { state: "unknown", checkedAt: null, steps: [] },
    sample: false,
    temporary: false,
  };
}

function knows(change: Partial<MethodResult<"endpoints.hints">>): void {
  host.answer("endpoints.hints", () => ({
    provider: null,
    credential: none,
    certFolders: [],
    proxy: null,
    mirrors: [],
    blocked: false,
    problems: [],
    ...change,
  }));
}

// jsdom does not scroll.
Element.prototype.scrollIntoView = () => Promise.resolve();
host.answer("endpoints.add", ({ settings }) => saved(settings));
host.answer("endpoints.update", ({ settings }) => saved(settings));
host.answer("endpoints.signInProxy", () => saved({ kind: "registry", host: "registry.example" }));
host.answer("endpoints.check", () => saved({ kind: "registry", host: "registry.example" }));

afterEach(() => {
  cleanup();
  queryClient.clear();
  host.asked.length = 0;
  useSecrets.setState({ status: undefined });
});

function showAdd(): void {
  render(
    <QueryClientProvider client={queryClient}>
      <AddRegistryDialog open onOpenChange={vi.fn()} />
    </QueryClientProvider>,
  );
}
function field(name: string): HTMLElement {
  return screen.getByRole("textbox", { name });
}
async function choose(label: string, option: RegExp): Promise<void> {
  await user.click(screen.getByRole("combobox", { name: label }));
  await user.click(await screen.findByRole("option", { name: option }));
}
async function press(name: string): Promise<void> {
  await user.click(screen.getByRole("button", { name }));
}

it("says what this machine knows of a host, and reads from its mirrors only where that is ticked", async () => {
  const mirror = { plainHttp: false, insecureSkipVerify: false, pull: "all" } as const;
  knows({
    credential: { ...none, source: "docker-config", username: "ada", place: "/home/ada/config.json" },
    certFolders: [{ path: "/etc/docker/certs.d/registry.example", authorities: 2, client: true }],
    mirrors: [
      { ...mirror, location: "one.example" },
      { ...mirror, location: "two.example" },
    ],
    blocked: true,
    problems: [{ file: "/etc/containers/registries.conf", text: "line 3 is not TOML" }],
  });
  showAdd();
  await user.type(field("Address"), "registry.example");
  const hints = await screen.findByRole("status", { name: "On this machine" });
  await waitFor(() =>
    expect(hints.textContent).toContain("Docker's configuration as ada (/home/ada/config.json)"),
  );
  expect(hints.textContent).toContain("2 authorities, client certificate");
  expect(hints.textContent).toContain("blocks this registry");
  expect(hints.textContent).toContain("line 3 is not TOML");
  await press("More settings");
  await user.click(screen.getByRole("checkbox", { name: /Read from two\.example/ }));
  await user.type(field("Another mirror"), "three.example/hub{Enter}");
  await press("Add");
  await waitFor(() => expect(host.calls("endpoints.add")).toHaveLength(1));
  expect(host.calls("endpoints.add")).toMatchObject([
    {
      settings: {
        host: "registry.example",
        mirrors: [{ location: "two.example" }, { location: "three.example/hub" }],
      },
    },
  ]);
  // Typing it asked once: when it was left alone.
  expect(host.calls("endpoints.hints")).toEqual([{ host: "registry.example" }]);
});

it("keeps a password for the session only where remembering is ticked off", async () => {
  knows({});
  useSecrets.setState({
    status: {
      place: "vault",
      offered: ["vault", "memory"],
      keychainProblem: null,
      locked: true,
      vaultExists: true,
      lockAfterMinutes: null,
      saved: null,
      problem: null,
    },
  });
  showAdd();
  await user.type(field("Address"), "registry.example");
  await user.type(field("User name (optional)"), "ada");
  await user.type(screen.getByLabelText("Password or token"), "secret");
  const remember = screen.getByRole("checkbox", { name: /^Remember it/ });
  expect(remember.closest("label")?.textContent).toContain("The vault is locked");
  await user.click(remember);
  expect(remember.closest("label")?.textContent).toContain("Only until you quit");
  await press("Add");
  await waitFor(() => expect(host.calls("endpoints.add")).toHaveLength(1));
  expect(host.calls("endpoints.add")).toMatchObject([
    { credential: { username: "ada", password: "secret" }, remember: false },
  ]);
});

it("asks a cloud's registry for its profile, and hands over no password then", async () => {
  knows({});
  showAdd();
  await user.type(field("Address"), "registry.example");
  await user.click(screen.getByRole("combobox", { name: "Sign in with" }));
  expect(screen.queryByRole("option", { name: /^This machine's cloud/ })).toBeNull();
  await user.keyboard("{Escape}");
  await user.clear(field("Address"));
  await user.type(field("Address"), "123456789012.dkr.ecr.eu-central-1.amazonaws.com");
  await user.type(field("User name (optional)"), "ada");
  await user.type(screen.getByLabelText("Password or token"), "secret");
  await choose("Sign in with", /^This machine's cloud/);
  await user.type(field("Profile (optional)"), "production");
  await press("Add");
  await waitFor(() => expect(host.calls("endpoints.add")).toHaveLength(1));
  expect(host.calls("endpoints.add")).toMatchObject([
    { settings: { credential: { from: "cloud", profile: "production" } } },
  ]);
  expect(host.calls("endpoints.add")[0]).not.toHaveProperty("credential");
});

it("pins the key that a check found at the server", async () => {
  knows({});
  const steps: CheckStep[] = [{ name: "tls", outcome: "passed", text: "TLS 1.3", pin }];
  host.answer("endpoints.try", () => ({ steps }));
  showAdd();
  await user.type(field("Address"), "registry.example");
  await press("More settings");
  expect(screen.queryByRole("button", { name: "Accept only the key it has now" })).toBeNull();
  await press("Check");
  await user.click(await screen.findByRole("button", { name: "Accept only the key it has now" }));
  expect((field("Accepted public keys") as HTMLInputElement).value).toBe(pin);
  await press("Add");
  await waitFor(() => expect(host.calls("endpoints.add")).toMatchObject([{ settings: { pins: [pin] } }]));
});

it("enters the proxy's sign-in behind the settings that name the proxy, and forgets it where it is ticked off", async () => {
  knows({});
  const settings = {
    kind: "registry",
    host: "registry.example",
    proxy: "http://proxy.example:3128",
    proxySignIn: true,
  };
  const edit = (): void => {
    render(
      <QueryClientProvider client={queryClient}>
        <EditRegistryDialog endpoint={saved(settings)} onClose={vi.fn()} />
      </QueryClientProvider>,
    );
  };
  edit();
  await user.type(field("User name at the proxy (optional)"), "ada");
  await user.type(screen.getByLabelText("Password at the proxy"), "secret");
  await press("Save");
  await waitFor(() => expect(host.calls("endpoints.signInProxy")).toHaveLength(1));
  expect(host.asked.map(({ method }) => method).filter((method) => /update|signIn/.test(method))).toEqual([
    "endpoints.update",
    "endpoints.signInProxy",
  ]);
  expect(JSON.stringify(host.calls("endpoints.update"))).not.toContain("secret");
  cleanup();

  edit();
  await user.click(screen.getByRole("checkbox", { name: /^Keep the sign-in at the proxy/ }));
  await press("Save");
  await waitFor(() => expect(host.calls("endpoints.signInProxy")).toHaveLength(2));
  expect(host.calls("endpoints.signInProxy")[1]).toMatchObject({ id: "e1", credential: null });
});

it("opens the part in which something is wrong, and saves nothing of it", async () => {
  knows({});
  showAdd();
  await user.type(field("Address"), "registry.example");
  await press("More settings");
  await user.type(field("Client certificate (PEM)"), "/etc/client.pem");
  await press("More settings (1 changed)");
  const part = screen.getByRole("region", { name: "Encryption" });
  expect(within(part).getByText(/Name both files/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Add" }).hasAttribute("disabled")).toBe(true);
});
