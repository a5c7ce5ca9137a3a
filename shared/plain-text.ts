// Texts that came from elsewhere, made safe to show: nothing in them that a terminal would obey or that hides what they say.

// Control characters (C0, C1, DEL) and the bidirectional overrides that can make a line read as another one.
const unsafe = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** One line of text without control characters. */
export function plainText(text: string): string {
  return text.replace(unsafe, "");
}

/** The same for a text of several lines. */
export function plainLines(text: string): string {
  return text.split("\n").map(plainText).join("\n");
}

/** JSON in which such characters are escaped instead of left out, so that no value changes. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(unsafe, (character) =>
    character === "\n" ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
