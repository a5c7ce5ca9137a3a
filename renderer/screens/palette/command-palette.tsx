// The command palette over actions, registries, repositories and jobs.
export function CommandPalette() {
  return null;
}
