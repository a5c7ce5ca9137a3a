// Every statement of the store is a constant text: what comes from outside is bound, never written into SQL.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const folder = fileURLToPath(new URL("../../electron/store", import.meta.url));
const sources = readdirSync(folder)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, text: readFileSync(`${folder}/${name}`, "utf8") }));

/** Names that a file defines as constants outside of any function, or imports. */
function constantsOf(text: string): Set<string> {
  const own = [...text.matchAll(/^(?:export )?const (\w+)/gm)].map((found) => found[1] ?? "");
  const imported = [...text.matchAll(/^import (?:type )?\{([^}]*)\}/gm)].flatMap((found) =>
    (found[1] ?? "").split(",").map((name) => name.trim()),
  );
  return new Set([...own, ...imported]);
}

it("S010 prepares constant texts only", () => {
  let statements = 0;
  for (const { name, text } of sources) {
    if (name === "database.ts") continue;
    const constants = constantsOf(text);
    for (const [, rest = ""] of text.matchAll(/\.prepare\(\s*([\s\S]*?)\)(?:;|,|\.run|\.get)/g)) {
      statements++;
      expect(rest, `${name}: ${rest.slice(0, 80)}`).toMatch(/^["`]/);
      for (const [, inserted = ""] of rest.matchAll(/\$\{([^}]*)\}/g))
        expect(constants, `${name} writes ${inserted} into SQL`).toContain(inserted);
    }
  }
  expect(statements).toBeGreaterThan(60);
});

it("S010 runs other texts only as the migrations that it brings along", () => {
  const users = sources.filter(({ text }) => /\.exec\(/.test(text)).map(({ name }) => name);
  expect(users).toEqual(["database.ts", "migrate.ts"]);
});
