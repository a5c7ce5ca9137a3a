// The page about the window names every shortcut there is, and none that is not.
import { expect, it } from "vitest";
import page from "../../../docs/window.md?raw";
import { catalogue } from "../../../renderer/commands/catalogue.ts";
import { displayKeys } from "../../../renderer/commands/keys.ts";
import { groupCommands } from "../../../renderer/commands/shortcuts.ts";
import { sheetText } from "../../../renderer/text/commands.ts";

const pictures = import.meta.glob("../../../docs/pictures/*.png", { query: "?url" });

/** A table of the page: one group of commands after the other, then what lists know by themselves. */
function table(): string {
  const groups = groupCommands(catalogue, ({ keys }) => keys !== undefined);
  const rows = groups.flatMap(({ group, commands }) =>
    commands.map(({ title, keys = "" }) => [group, title, [keys]] as const),
  );
  const lists = sheetText.listKeys.map(({ what, keys }) => [sheetText.lists, what, keys] as const);
  const letters = [sheetText.lists, sheetText.typeAheadWhat, [sheetText.typeAhead]] as const;
  const line = ([group, what, keys]: readonly [string, string, readonly string[]]): string =>
    `| ${group} | ${what} | ${keys.map((key) => displayKeys(key, false)).join(", ")} |`;
  return ["| where | what | keys |", "|---|---|---|", ...[...rows, ...lists, letters].map(line)].join("\n");
}

it("lists the shortcuts as the catalogue of commands has them", () => {
  const [, written = ""] = /<!-- shortcuts -->\n([\s\S]*?)\n<!-- end of shortcuts -->/.exec(page) ?? [];
  expect(written).toBe(table());
});

it("shows pictures that are there", () => {
  const shown = [...page.matchAll(/\]\((pictures\/[^)]+)\)/g)].map(([, path]) => `../../../docs/${path}`);
  expect(shown.length).toBeGreaterThan(5);
  expect(Object.keys(pictures)).toEqual(expect.arrayContaining(shown));
});
