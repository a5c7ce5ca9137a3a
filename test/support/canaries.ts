// Secrets that are planted to be looked for, in every spelling in which a careless program would write them.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export const canaryUser = "mover";

export interface Seen {
  readonly where: string;
  readonly text: string;
}

/** Plain, as Basic credentials, in a URL, in JSON, as hex. */
export function spellingsOf(secret: string): readonly string[] {
  const pair = `${canaryUser}:${secret}`;
  const bare = (text: string): string => Buffer.from(text).toString("base64").replace(/=+$/, "");
  const all = [
    ...[secret, encodeURIComponent(secret), encodeURIComponent(pair), JSON.stringify(secret).slice(1, -1)],
    ...[bare(pair), bare(secret), Buffer.from(secret).toString("base64url")],
    ...[Buffer.from(secret).toString("hex"), Buffer.from(pair).toString("hex")],
  ];
  return [...new Set(all)];
}

/** Which of them stand where, as `canary: place`. */
export function leaksOf(secrets: Readonly<Record<string, string>>, seen: readonly Seen[]): readonly string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const spellings = spellingsOf(secret);
    return seen
      .filter(({ text }) => spellings.some((spelling) => text.includes(spelling)))
      .map(({ where, text }) => `${name}: ${where}: ${around(text, spellings)}`);
  });
}

/** What stands around the first of them, to find where it came from. */
function around(text: string, spellings: readonly string[]): string {
  const at = Math.min(...spellings.map((one) => text.indexOf(one)).filter((index) => index >= 0));
  return JSON.stringify(text.slice(Math.max(0, at - 80), at + 40));
}

/** Every file below the folder as text of one character a byte. */
export async function filesIn(folder: string): Promise<readonly Seen[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (file) => ({
      where: file.slice(folder.length + 1),
      // A file that is gone by now holds nothing.
      text: await readFile(file, "latin1").catch(() => ""),
    })),
  );
}
