// The filter box: typing, emptying it by Escape and by its button.
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { SearchField } from "../../../renderer/components/search-field.tsx";

afterEach(cleanup);

function Box() {
  const [value, setValue] = useState("");
  return <SearchField label="Filter tags" value={value} onValueChange={setValue} />;
}

describe("SearchField", () => {
  it("is emptied by Escape", async () => {
    render(<Box />);
    const field = screen.getByRole<HTMLInputElement>("searchbox", { name: "Filter tags" });
    await userEvent.type(field, "v1.*");
    expect(field.value).toBe("v1.*");
    await userEvent.keyboard("{Escape}");
    expect(field.value).toBe("");
  });

  it("is emptied by its button, which gives the focus back", async () => {
    render(<Box />);
    const field = screen.getByRole<HTMLInputElement>("searchbox", { name: "Filter tags" });
    expect(screen.queryByRole("button")).toBeNull();
    await userEvent.type(field, "v1");
    await userEvent.click(screen.getByRole("button", { name: "Clear: Filter tags" }));
    expect(field.value).toBe("");
    expect(document.activeElement).toBe(field);
  });
});
