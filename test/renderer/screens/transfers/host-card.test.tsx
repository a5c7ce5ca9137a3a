// A host's card: its lanes, state and quota in words, limits that are changed while it is worked with.
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emitEvent } from "../../../../renderer/api/live.ts";
import { HostCard } from "../../../../renderer/screens/transfers/host-card.tsx";
import { useHosts } from "../../../../renderer/state/hosts.ts";
import type { HostStatus } from "../../../../shared/host.ts";
import { ScriptedHost } from "../scripted-host.ts";

const engine = new ScriptedHost();
const status: HostStatus = {
  host: "registry.example",
  limit: 6,
  most: 8,
  adaptive: true,
  bulk: 3,
  small: 1,
  waiting: 2,
  state: "ok",
  until: null,
  reason: "Lowered to 6 requests because it asked for a pause.",
  bandwidth: null,
  bytesPerSecond: 1024 * 1024,
  latencyMs: 42,
  quota: { limit: 100, remaining: 20, windowSeconds: 21_600, seenAt: 0 },
};
let adjusted: HostStatus;

beforeEach(() => {
  engine.asked.length = 0;
  adjusted = status;
  engine.answer("hosts.adjust", ({ connections, adaptive }) => {
    adjusted = {
      ...adjusted,
      ...(connections === undefined ? {} : { most: connections }),
      ...(adaptive === undefined ? {} : { adaptive }),
    };
    return adjusted;
  });
  useHosts.setState({ byName: new Map([[status.host, status]]) });
  render(<HostCard name={status.host} />);
});
afterEach(cleanup);

describe("HostCard", () => {
  it("says all of it in words, for those who do not see the lanes", () => {
    const lanes = screen.getByRole("img", {
      name: "4 of 6 in use (3 large, 1 small), 2 waiting; at most 8",
    });
    expect(lanes.children).toHaveLength(8);
    expect(screen.getByText(/^Working\. Lowered to 6 requests/)).toBeDefined();
    expect(screen.getByText("20 of 100 in 6 h")).toBeDefined();
    expect(screen.getByText("42 ms")).toBeDefined();
  });

  it("counts down to the next try of a host that does not answer", () => {
    const until = Date.now() + 12_400;
    act(() =>
      emitEvent("host.changed", {
        ...status,
        state: "open",
        failure: "connection refused",
        until,
        reason: null,
      }),
    );
    expect(screen.getByText(/^Does not answer \(connection refused\); next try in 1[23] s\.$/)).toBeDefined();
    act(() => emitEvent("host.changed", { ...status, state: "probing", failure: "timeout", reason: null }));
    expect(screen.getByText("Asking whether it is back (timeout).")).toBeDefined();
  });

  it("changes limits while a slider moves, and at last to where it was left", async () => {
    await userEvent.click(screen.getByRole("button", { name: "Limits: registry.example" }));
    const slider = await screen.findByRole("slider", { name: "Most at once" });
    act(() => slider.focus());
    await userEvent.keyboard("{ArrowRight}{ArrowRight}{ArrowRight}");
    await waitFor(() =>
      expect(engine.calls("hosts.adjust").at(-1)).toEqual({ host: "registry.example", connections: 11 }),
    );
    // Three keys within a moment are one change.
    expect(engine.calls("hosts.adjust").length).toBeLessThan(3);
    await userEvent.click(screen.getByRole("switch", { name: /^Adapt/ }));
    expect(engine.calls("hosts.adjust").at(-1)).toEqual({ host: "registry.example", adaptive: false });
  });
});
