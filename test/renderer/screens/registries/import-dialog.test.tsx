// The import: what is chosen at first, what cannot be chosen, problems, and what is added in the end.
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { queryClient } from "../../../../renderer/api/query.ts";
import { ImportDialog } from "../../../../renderer/screens/registries/import-dialog.tsx";
import { endpointSettingsSchema } from "../../../../shared/endpoint.ts";
import { ScriptedHost } from "../scripted-host.ts";

const host = new ScriptedHost();
const file = "/home/ada/.docker/config.json";
const health = { state: "unknown", checkedAt: null, steps: [] } as const;

afterEach(() => {
  cleanup();
  queryClient.clear();
});

it("adds each chosen address once and leaves out what is there already", async () => {
  const entry = { from: "docker", file, username: null, credential: "none", endpointId: null } as const;
  host.answer("endpoints.importable", () => ({
    found: [
      { ...entry, address: "ghcr.io", username: "ada", credential: "inline" },
      { ...entry, address: "ghcr.io", from: "podman", file: "/run/auth.json" },
      { ...entry, address: "quay.io", credential: "helper" },
      { ...entry, address: "docker.io", endpointId: "e1" },
    ],
    problems: [{ file: "/broken.json", text: "It is not JSON." }],
  }));
  host.answer("endpoints.add", ({ settings }) => ({
    id: "new1",
    name: "ghcr.io",
    settings: endpointSettingsSchema.parse(settings),
    credential: { source: "docker-config", username: "ada" },
    health,
    sample: false,
    temporary: false,
  }));
  const onClose = vi.fn();
  render(
    <QueryClientProvider client={queryClient}>
      <ImportDialog onClose={onClose} />
    </QueryClientProvider>,
  );
  const rows = within(await screen.findByRole("list", { name: "Registries to import" })).getAllByRole(
    "listitem",
  );
  expect(rows.map((row) => within(row).getByRole("checkbox").getAttribute("aria-checked"))).toEqual([
    "true",
    "false",
    "true",
    "false",
  ]);
  expect(rows[0]?.textContent).toContain("Password in the file as ada");
  expect(rows[3]?.textContent).toContain("Already added");
  expect(screen.getByText("It is not JSON.")).toBeTruthy();

  expect(screen.getByRole("button", { name: "Import 2 registries" })).toBeTruthy();
  const user = userEvent.setup();
  await user.click(screen.getByRole("checkbox", { name: "Import quay.io" }));
  await user.click(screen.getByRole("button", { name: "Import 1 registry" }));
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(host.calls("endpoints.add")).toMatchObject([{ settings: { kind: "registry", host: "ghcr.io" } }]);
});
