// A folder's own repository.
import { expect, it } from "vitest";
import { layoutRepositoryName } from "../../shared/layout-name.ts";

it.each([
  ["/data/Images", "images"],
  ["/data/My Images (2026)/", "my-images-2026"],
  ["C:\\Users\\Ada\\Layout_1", "layout-1"],
  ["..", "layout"],
  ["/", "layout"],
  ["Ünïcode", "n-code"],
  ["a".repeat(300), "a".repeat(100)],
])("the folder %j is the repository %j", (folder, repository) => {
  expect(layoutRepositoryName(folder)).toBe(repository);
});
