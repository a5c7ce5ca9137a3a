// The sheet of all shortcuts.
export function ShortcutSheet() {
  return null;
}
