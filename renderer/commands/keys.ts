// Key combinations such as "Mod+Shift+K": read, matched against key presses of any layout, and written as people know them.

/** Mod = Cmd on macOS, Ctrl elsewhere. */
const modifiers = ["Mod", "Ctrl", "Alt", "Shift"] as const;
type Modifier = (typeof modifiers)[number];

export interface Combination {
  readonly modifiers: ReadonlySet<Modifier>;
  /** A capital letter, a digit, a sign as typed, or a name as in `KeyboardEvent.key`; "Space" and "Plus" for those two. */
  readonly key: string;
}

const aliases: Readonly<Record<string, string>> = {
  Esc: "Escape",
  Del: "Delete",
  Return: "Enter",
  Up: "ArrowUp",
  Down: "ArrowDown",
  Left: "ArrowLeft",
  Right: "ArrowRight",
};

/** Undefined for what is no combination, such as "" (none) or a modifier alone. */
export function parseKeys(text: string): Combination | undefined {
  const parts = text.replace(/(^|\+)\+$/, "$1Plus").split("+");
  const last = parts.pop() ?? "";
  const found = parts.filter((part): part is Modifier => modifiers.some((modifier) => modifier === part));
  if (text === "" || found.length !== parts.length || modifiers.some((modifier) => modifier === last))
    return undefined;
  const key = aliases[last] ?? (last.length === 1 ? last.toUpperCase() : last);
  return { modifiers: new Set(found), key };
}

/** One way to write it, so that equal combinations are equal texts. */
export function formatKeys({ modifiers: held, key }: Combination): string {
  return [...modifiers.filter((modifier) => held.has(modifier)), key].join("+");
}

export function normaliseKeys(text: string): string | undefined {
  const combination = parseKeys(text);
  return combination === undefined ? undefined : formatKeys(combination);
}

/** The part of a KeyboardEvent that is needed. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  getModifierState?(name: string): boolean;
}

/**
 * The combination of a key press; undefined for modifiers alone and dead keys. AltGr types a character and is no modifier.
 * A letter of another script, or one that macOS' Option changed, counts as the Latin letter on that key; a digit key with
 * Mod or Alt counts as its digit, also where the layout has signs there.
 */
export function combinationOf(press: KeyPress, mac: boolean): Combination | undefined {
  if (["Control", "Shift", "Alt", "Meta", "AltGraph", "Dead", "Process", "Unidentified"].includes(press.key))
    return undefined;
  const altGr = press.getModifierState?.("AltGraph") === true && !mac;
  const held = new Set<Modifier>();
  if (mac ? press.metaKey : press.ctrlKey && !altGr) held.add("Mod");
  if (mac && press.ctrlKey) held.add("Ctrl");
  if (press.altKey && !altGr) held.add("Alt");
  const key = keyName(press, held.has("Mod") || held.has("Alt"));
  // Which signs need Shift is the layout's affair.
  if (press.shiftKey && !isSign(key)) held.add("Shift");
  return { modifiers: held, key };
}

function keyName({ key, code }: KeyPress, commanded: boolean): string {
  if (key === " ") return "Space";
  if (key === "+") return "Plus";
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  if (commanded && digit !== undefined) return digit;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the question is whether it is ASCII
  if (letter !== undefined && commanded && !/^[\x00-\x7f]$/.test(key)) return letter;
  return key.length === 1 ? key.toUpperCase() : key;
}

function isSign(key: string): boolean {
  return key === "Plus" || (key.length === 1 && !/[A-Z0-9]/.test(key) && key.toLowerCase() === key);
}

/** The combination as it stands in settings and commands. */
export function keysOfPress(press: KeyPress, mac: boolean): string | undefined {
  const combination = combinationOf(press, mac);
  return combination === undefined ? undefined : formatKeys(combination);
}

const signs: Readonly<Record<string, string>> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Plus: "+",
  Delete: "Del",
  Escape: "Esc",
  PageUp: "Page Up",
  PageDown: "Page Down",
};
const macSigns: Readonly<Record<string, string>> = {
  Mod: "⌘",
  Ctrl: "⌃",
  Alt: "⌥",
  Shift: "⇧",
  Enter: "↩",
  Backspace: "⌫",
  Delete: "⌦",
  Escape: "⎋",
  Tab: "⇥",
};

/** `Ctrl+Shift+K`, or `⇧⌘K` on macOS; "" for none. */
export function displayKeys(text: string, mac: boolean): string {
  const combination = parseKeys(text);
  if (combination === undefined) return "";
  const { modifiers: held, key } = combination;
  if (!mac) {
    const names = modifiers
      .filter((modifier) => held.has(modifier))
      .map((name) => (name === "Mod" ? "Ctrl" : name));
    return [...names, signs[key] ?? key].join("+");
  }
  const order: readonly Modifier[] = ["Ctrl", "Alt", "Shift", "Mod"];
  return [...order.filter((modifier) => held.has(modifier)), key]
    .map((part) => macSigns[part] ?? signs[part] ?? part)
    .join("");
}

export function isMac(): boolean {
  return /^Mac/.test(navigator.platform);
}

/** Combinations that belong to a field while somebody types in it. */
const editing = new Set([
  ...["A", "C", "V", "X", "Z", "Y", "Shift+Z", "Shift+V", "Backspace", "Delete", "Enter"].map(
    (key) => `Mod+${key}`,
  ),
  ...["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].flatMap((key) => [
    `Mod+${key}`,
    `Mod+Shift+${key}`,
    `Alt+${key}`,
  ]),
]);

/** Whether a combination may run a command while the focus is in a text field. */
export function worksWhileTyping(combination: Combination): boolean {
  if (/^F\d+$/.test(combination.key)) return true;
  const command = combination.modifiers.has("Mod") || combination.modifiers.has("Ctrl");
  return command && !editing.has(formatKeys(combination));
}
