// Messages: what can be undone is undone once, and every message can be read again.
import { act, cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { showToast, ToastRegion } from "../../../renderer/components/toast.tsx";
import { clearPastToasts, usePastToasts } from "../../../renderer/state/past-toasts.ts";

beforeEach(() => {
  clearPastToasts();
  render(<ToastRegion>{null}</ToastRegion>);
});
afterEach(cleanup);

describe("toasts", () => {
  it("undo once, by the button or as the newest thing that can be undone", async () => {
    const undo = vi.fn();
    act(() => void showToast({ title: "Removed 3 transfers", undo }));
    expect(usePastToasts.getState().toasts[0]?.action?.label).toBe("Undo");
    const newest = usePastToasts.getState().undo;
    await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
    expect(undo).toHaveBeenCalledOnce();
    newest?.();
    expect(undo).toHaveBeenCalledOnce();
    expect(usePastToasts.getState().undo).toBeUndefined();
    expect(usePastToasts.getState().toasts[0]?.action).toBeUndefined();
  });

  it("say what an undo could not do", async () => {
    act(() => void showToast({ title: "Removed", undo: () => Promise.reject(new Error("It is gone.")) }));
    act(() => usePastToasts.getState().undo?.());
    expect((await screen.findByRole("alert")).textContent).toContain("It is gone.");
  });

  it("are kept, and the same in a row only once", () => {
    act(() => {
      showToast({ title: "Copied" });
      showToast({ title: "Copied" });
      showToast({ title: "No connection", tone: "bad" });
    });
    const { toasts, unread } = usePastToasts.getState();
    expect(toasts.map(({ title, times }) => `${title} ${times}`)).toEqual(["No connection 1", "Copied 2"]);
    expect(unread).toBe(2);
  });
});
