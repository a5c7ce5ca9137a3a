// A registry's details: its sign-in with what is wrong with it, what it can do, its named repositories, and its probe.
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { queryClient } from "../../../../renderer/api/query.ts";
import { ProbeDialog } from "../../../../renderer/screens/registries/probe-dialog.tsx";
import { RegistryDetails } from "../../../../renderer/screens/registries/registry-details.tsx";
import { useChosenRegistry } from "../../../../renderer/state/chosen-registry.ts";
import { useEndpoints } from "../../../../renderer/state/endpoints.ts";
import { useSecrets, useVaultDialog } from "../../../../renderer/state/secrets.ts";
import {
  type CheckStep,
  type CredentialFacts,
  type Endpoint,
  endpointSettingsSchema,
} from "../../../../shared/endpoint.ts";
import type { WireError } from "../../../../shared/errors.ts";
import { ScriptedHost } from "../scripted-host.ts";

const host = new ScriptedHost();
const user = userEvent.setup();
const hour = 3_600_000;
host.answer("hosts.list", () => ({ hosts: [] }));

function endpoint(change: Partial<Endpoint> = {}, credential: Partial<CredentialFacts> = {}): Endpoint {
  return {
    id: "e1",
    name: "One",
    settings: endpointSettingsSchema.parse({ kind: "registry", host: "registry.example" }),
    credential: {
      source: "cloud",
      username: "AWS",
      place: "profile production",
      expiresAt: Date.now() + 2 * hour + 60_000,
      problem: null,
      ...credential,
    },
    capabilities: null,
    health: { state: "ok", checkedAt: 1, steps: [] },
    sample: false,
    temporary: false,
    ...change,
  };
}

afterEach(() => {
  cleanup();
  queryClient.clear();
  host.asked.length = 0;
});

function show(shown: Endpoint, named: readonly string[] = []): void {
  const left = new Set(named);
  host.answer("repositories.named", () => ({ names: [...left] }));
  host.answer("repositories.forget", ({ names }) => {
    for (const name of names) left.delete(name);
    return {};
  });
  render(
    <QueryClientProvider client={queryClient}>
      <RegistryDetails endpoint={shown} />
    </QueryClientProvider>,
  );
}

it("says where a sign-in lies, when it ends and that it is renewed", () => {
  show(endpoint());
  const part = screen.getByRole("region", { name: "Sign-in" });
  expect(part.textContent).toContain("Signed in as AWS by a cloud identity");
  expect(part.textContent).toContain("profile production");
  expect(part.textContent).toContain("in 2 hr., renewed by itself");
  // What other programs keep is not ours to take away.
  expect(within(part).queryByRole("button", { name: "Sign out" })).toBeNull();
});

it("says what is wrong with a sign-in and what to do, and offers to sign out of one that is kept here", () => {
  show(endpoint({}, { source: "docker-helper", expiresAt: null, problem: "docker-credential-x is missing" }));
  expect(screen.getByRole("alert").textContent).toContain("docker-credential-x is missing");
  expect(screen.getByRole("alert").textContent).toContain("the helper is installed");
  cleanup();
  show(endpoint({}, { source: "saved", expiresAt: null }));
  expect(screen.getByRole("button", { name: "Sign out" })).toBeTruthy();
});

it("asks for the passphrase where the vault is locked, and checks again then", async () => {
  host.answer("endpoints.check", () => endpoint());
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
  show(endpoint({}, { source: "saved", expiresAt: null, problem: "The vault is locked." }));
  await user.click(within(screen.getByRole("alert")).getByRole("button", { name: "Unlock…" }));
  const { open } = useVaultDialog.getState();
  expect(open?.kind).toBe("unlock");
  open?.onDone?.();
  await waitFor(() => expect(host.calls("endpoints.check")).toMatchObject([{ id: "e1" }]));
});

it("folds the words of networks away where a registry is not reached", () => {
  const text = "registry.example cannot be reached: nothing accepts connections there (ECONNREFUSED)";
  const error: WireError = {
    code: "unreachable",
    side: "local",
    operation: "ping",
    message: text,
    retryable: true,
    causes: ["connect ECONNREFUSED 192.0.2.1:443"],
  };
  const steps: CheckStep[] = [{ name: "reachable", outcome: "failed", text, error }];
  show(endpoint({ health: { state: "failing", checkedAt: 1, steps } }));
  const step = within(screen.getByRole("list", { name: "Check result" })).getByRole("listitem");
  expect(within(step).getByText("One cannot be reached.")).toBeTruthy();
  const folded = step.querySelector("details");
  expect(folded?.open).toBe(false);
  expect(folded?.textContent).toContain("connect ECONNREFUSED 192.0.2.1:443");
});

it("shows what it can do with the date of the probe", () => {
  show(
    endpoint({
      capabilities: {
        probedAt: Date.now() - 3 * hour,
        repository: "team/probe",
        capabilities: [
          { name: "push", answer: "yes", text: "A small image was pushed." },
          { name: "delete", answer: "no", text: "It answers 405." },
        ],
      },
    }),
  );
  const table = screen.getByRole("table", { name: "What it can do" });
  const rows = within(table).getAllByRole("row").slice(1);
  expect(rows.map((row) => row.textContent)).toEqual([
    "WriteYesA small image was pushed.",
    "DeleteNoIt answers 405.",
  ]);
  expect(screen.getByText(/^Probed/).textContent).toBe("Probed 3 hr. ago, with a small image in team/probe");
});

it("shows other accounts at the same host", async () => {
  const other = endpoint({ id: "e2", name: "Robot" }, { username: "robot" });
  const elsewhere = endpoint({
    id: "e3",
    name: "Elsewhere",
    settings: endpointSettingsSchema.parse({ kind: "registry", host: "other.example" }),
  });
  useEndpoints.setState({ endpoints: [endpoint(), other, elsewhere] });
  show(endpoint());
  expect(screen.queryByRole("button", { name: "Show Elsewhere" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Show Robot" }));
  expect(useChosenRegistry.getState().id).toBe("e2");
});

it("forgets a repository that was named by hand", async () => {
  show(endpoint(), ["team/app", "team/gone"]);
  const list = await screen.findByRole("list", { name: "Named repositories" });
  await user.click(within(list).getByRole("button", { name: "Forget team/gone" }));
  await waitFor(() => expect(within(list).getAllByRole("listitem")).toHaveLength(1));
  expect(host.calls("repositories.forget")).toEqual([{ endpointId: "e1", names: ["team/gone"] }]);
});

it("writes for a probe only to a repository that was named, and never where nothing may be written", async () => {
  host.answer("endpoints.probe", () => endpoint());
  const onClose = vi.fn();
  render(<ProbeDialog endpoint={endpoint()} onClose={onClose} />);
  await user.click(screen.getByRole("checkbox", { name: /^Try writing/ }));
  expect(screen.getByRole("button", { name: "Probe and write" }).hasAttribute("disabled")).toBe(true);
  await user.type(screen.getByRole("textbox", { name: "Repository to write to" }), "Team/App");
  expect(screen.getByText(/Lower-case letters/)).toBeTruthy();
  await user.clear(screen.getByRole("textbox", { name: "Repository to write to" }));
  await user.type(screen.getByRole("textbox", { name: "Repository to write to" }), "team/probe{Enter}");
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(host.calls("endpoints.probe")).toEqual([{ id: "e1", repository: "team/probe", write: true }]);
  cleanup();

  const settings = endpointSettingsSchema.parse({
    kind: "registry",
    host: "registry.example",
    readOnly: true,
  });
  render(<ProbeDialog endpoint={endpoint({ settings })} onClose={vi.fn()} />);
  expect(screen.getByRole("checkbox", { name: /^Try writing/ }).getAttribute("aria-disabled")).toBe("true");
});
