// A repository's name typed by hand, for registries that list none.
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RepositoryNameEntry } from "../../../../renderer/screens/transfer/repository-name-entry.tsx";
import { emptyPane, usePanes } from "../../../../renderer/state/panes.ts";

beforeEach(() => {
  usePanes.setState({ left: { ...emptyPane, endpointId: "a" }, right: emptyPane, active: "left" });
  render(<RepositoryNameEntry side="left" />);
});
afterEach(cleanup);

describe("RepositoryNameEntry", () => {
  it("shows the repository and keeps the name for the list", async () => {
    await userEvent.type(screen.getByRole("textbox", { name: "Repository name" }), " library/nginx {Enter}");
    expect(usePanes.getState().left).toMatchObject({ repository: "library/nginx" });
  });

  it("says what a name may hold, until it is changed", async () => {
    const field = screen.getByRole("textbox", { name: "Repository name" });
    await userEvent.type(field, "Bad Name{Enter}");
    expect(usePanes.getState().left.repository).toBeUndefined();
    expect(screen.getByText(/Lower-case letters/)).toBeDefined();
    expect(field.getAttribute("aria-invalid")).toBe("true");
    await userEvent.type(field, "x");
    expect(screen.queryByText(/Lower-case letters/)).toBeNull();
  });
});
