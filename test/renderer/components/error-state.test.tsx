// An error in the place of a list: plain first, and the system's own words where they are asked for.
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { connection } from "../../../renderer/api/client.ts";
import { ErrorState } from "../../../renderer/components/states.tsx";
import { FreightlinerError } from "../../../shared/errors.ts";

afterEach(cleanup);

describe("ErrorState", () => {
  it("keeps Node's words under Details where the registry cannot be reached", () => {
    const message = "b.test:443 cannot be reached: nothing accepts connections there (ECONNREFUSED).";
    const cause = new Error("connect ECONNREFUSED 10.0.0.1:443");
    const error = new FreightlinerError({ code: "unreachable", operation: "ping", message, cause });
    render(<ErrorState error={error} where="Production" />);
    expect(screen.getByText("Production cannot be reached.")).toBeTruthy();
    const details = screen.getByText("Details").closest("details");
    expect(details?.open).toBe(false);
    expect(details?.textContent).toContain(message);
    expect(details?.textContent).toContain(cause.message);
    expect(screen.getByRole("alert").textContent?.split(message)).toHaveLength(2);
  });

  it("blames no registry for the window's own lost connection, and offers to connect", () => {
    const retried = vi.spyOn(connection, "retryNow").mockReturnValue();
    const error = new FreightlinerError({ code: "disconnected", operation: "tags.list", message: "lost" });
    render(
      <ErrorState error={error} where="Production" action={{ label: "Retry", onSelect: () => undefined }} />,
    );
    const said = screen.getByRole("alert").textContent;
    expect(said).toContain("The connection to Freightliner is lost.");
    expect(said).toContain("It is being tried again");
    expect(said).not.toContain("Production");
    fireEvent.click(screen.getByRole("button", { name: "Reconnect now" }));
    expect(retried).toHaveBeenCalledOnce();
  });

  it("says at once what only the message says", () => {
    const message = 'The pattern "[" cannot be read.';
    render(<ErrorState error={new FreightlinerError({ code: "usage", operation: "list", message })} />);
    expect(screen.getByText(message)).toBeTruthy();
    expect(screen.queryByText("Details")).toBeNull();
  });
});
