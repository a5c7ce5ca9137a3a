// better-sqlite3 crashes without a word on Node 20, so every entry looks first and says what to do.
const needed = 24;

/** A sentence for the person at the screen, or undefined where the version will do. */
export function nodeVersionProblem(version: string): string | undefined {
  const major = Number(version.replace(/^v/, "").split(".")[0]);
  if (major >= needed) return undefined;
  return `Freightliner needs Node ${needed} or newer, but this is Node ${version}. Run it through npm in a checkout (npm start, npx freightliner), which brings its own Node, or install Node ${needed}.`;
}
