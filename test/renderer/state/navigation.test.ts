// The screen is kept over a reload of the page, and nothing is taken that is no screen.
import { beforeEach, expect, it } from "vitest";
import { keepScreen, showScreen, useNavigation } from "../../../renderer/state/navigation.ts";

beforeEach(() => {
  showScreen("transfer");
  window.sessionStorage.clear();
});

it("shows the screen again that was shown before the page was read anew", () => {
  keepScreen(() => window.sessionStorage);
  expect(useNavigation.getState().screen).toBe("transfer");
  showScreen("history");
  const kept = window.sessionStorage.getItem("screen");
  showScreen("jobs");
  window.sessionStorage.setItem("screen", kept ?? "");
  keepScreen(() => window.sessionStorage);
  expect(useNavigation.getState().screen).toBe("history");
});

it("begins at home where what is kept is no screen, or nothing may be kept", () => {
  window.sessionStorage.setItem("screen", "somewhere");
  keepScreen(() => window.sessionStorage);
  expect(useNavigation.getState().screen).toBe("transfer");
  keepScreen(() => {
    throw new DOMException("denied", "SecurityError");
  });
  expect(useNavigation.getState().screen).toBe("transfer");
});
