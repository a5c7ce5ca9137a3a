// Combinations of keys: read, matched against presses on several layouts and systems, and written.
import { describe, expect, it } from "vitest";
import {
  combinationOf,
  displayKeys,
  type KeyPress,
  keysOfPress,
  normaliseKeys,
  worksWhileTyping,
} from "../../../renderer/commands/keys.ts";

function press(key: string, code: string, held = ""): KeyPress {
  return {
    key,
    code,
    ctrlKey: held.includes("ctrl"),
    metaKey: held.includes("meta"),
    altKey: held.includes("alt"),
    shiftKey: held.includes("shift"),
    getModifierState: (name) => name === "AltGraph" && held.includes("gr"),
  };
}

describe("combinations", () => {
  it.each([
    ["Mod+Shift+K", "Mod+Shift+K"],
    ["Shift+Mod+k", "Mod+Shift+K"],
    ["?", "?"],
    ["Mod++", "Mod+Plus"],
    ["+", "Plus"],
    ["Alt+Up", "Alt+ArrowUp"],
    ["Del", "Delete"],
    ["", undefined],
    ["Mod", undefined],
    ["Hyper+K", undefined],
  ])("%s is the same as %s", (text, normal) => expect(normaliseKeys(text)).toBe(normal));

  it.each([
    ["Ctrl+K elsewhere", press("k", "KeyK", "ctrl"), false, "Mod+K"],
    ["Cmd+K on macOS", press("k", "KeyK", "meta"), true, "Mod+K"],
    ["Ctrl+K on macOS", press("k", "KeyK", "ctrl"), true, "Ctrl+K"],
    ["a capital letter", press("K", "KeyK", "ctrl shift"), false, "Mod+Shift+K"],
    ["a Cyrillic layout", press("л", "KeyK", "ctrl"), false, "Mod+K"],
    ["Dvorak, where the letter is elsewhere", press("k", "KeyV", "ctrl"), false, "Mod+K"],
    ["a French digit row", press("&", "Digit1", "ctrl"), false, "Mod+1"],
    ["the number pad", press("1", "Numpad1", "ctrl"), false, "Mod+1"],
    ["a German ?", press("?", "Minus", "shift"), false, "?"],
    ["a sign by AltGr", press("?", "KeyW", "ctrl alt gr"), false, "?"],
    ["Option changing a letter", press("å", "KeyA", "alt"), true, "Alt+A"],
    ["plus", press("+", "Equal", "ctrl shift"), false, "Mod+Plus"],
    ["space", press(" ", "Space"), false, "Space"],
    ["an arrow", press("ArrowUp", "ArrowUp", "alt"), false, "Alt+ArrowUp"],
    ["a modifier alone", press("Control", "ControlLeft", "ctrl"), false, undefined],
    ["a dead key", press("Dead", "Equal"), false, undefined],
  ])("knows %s", (_, event, mac, keys) => expect(keysOfPress(event, mac)).toBe(keys));

  it.each([
    ["Mod+Shift+K", "Ctrl+Shift+K", "⇧⌘K"],
    ["Alt+ArrowUp", "Alt+↑", "⌥↑"],
    ["?", "?", "?"],
    ["Delete", "Del", "⌦"],
    ["", "", ""],
  ])("shows %s as %s, or %s on macOS", (keys, elsewhere, mac) => {
    expect(displayKeys(keys, false)).toBe(elsewhere);
    expect(displayKeys(keys, true)).toBe(mac);
  });

  it.each([
    [press("k", "KeyK", "ctrl"), true],
    [press("F5", "F5"), true],
    [press("?", "Slash", "shift"), false],
    [press("c", "KeyC", "ctrl"), false],
    [press("z", "KeyZ", "ctrl shift"), false],
    [press("Delete", "Delete"), false],
  ])("leaves to a text field what belongs to it", (event, works) => {
    const combination = combinationOf(event, false);
    expect(combination && worksWhileTyping(combination)).toBe(works);
  });
});
