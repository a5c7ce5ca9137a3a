// The focus where its element leaves the page: to the list's row, to what had it before, never to nothing.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keepFocus } from "../../../renderer/commands/keep-focus.ts";

let stop: () => void;
beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = `
    <main>
      <button id="before">Before</button>
      <div role="grid"><div id="one" tabindex="0">one</div><div id="two" tabindex="-1">two</div></div>
    </main>
    <div role="dialog" id="dialog"><button id="close">Close</button></div>`;
  stop = keepFocus();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

const at = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;
/** As Chromium does it: removed with a focusout, and nothing has the focus then. */
function remove(id: string): void {
  at(id).remove();
  document.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
  vi.advanceTimersByTime(100);
}

it("goes to the next row of a list whose row went away", () => {
  at("before").focus();
  at("two").focus();
  remove("two");
  expect(document.activeElement?.id).toBe("one");
});

it("goes back to what had it before a dialog that went away with its button", () => {
  at("before").focus();
  at("close").focus();
  remove("dialog");
  expect(document.activeElement?.id).toBe("before");
});

it("goes there with the next key, where nothing told that the element is gone", () => {
  at("before").focus();
  at("close").focus();
  at("dialog").remove();
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
  expect(document.activeElement?.id).toBe("before");
});

it("leaves it alone where it was let go on purpose", () => {
  at("before").focus();
  at("before").blur();
  vi.advanceTimersByTime(100);
  expect(document.activeElement).toBe(document.body);
});

it("gives it back to a button that was disabled while it worked, and to what is left when it goes", () => {
  const press = (): void => {
    at("close").setAttribute("disabled", "");
    at("close").blur();
    document.dispatchEvent(new KeyboardEvent("keyup", { key: "Enter", bubbles: true }));
    vi.advanceTimersByTime(200);
    expect(document.activeElement).toBe(document.body);
  };
  at("before").focus();
  at("close").focus();
  press();
  at("close").removeAttribute("disabled");
  vi.advanceTimersByTime(100);
  expect(document.activeElement?.id).toBe("close");
  press();
  at("dialog").remove();
  vi.advanceTimersByTime(100);
  expect(document.activeElement?.id).toBe("before");
});
