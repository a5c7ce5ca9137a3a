// The repository that a layout folder itself stands for: entries named by a tag alone belong to it.
import { isRepositoryName } from "./reference.ts";

/** The folder's own name as a repository name: `/data/My Images` is `my-images`; `layout` where nothing is left of it. */
export function layoutRepositoryName(path: string): string {
  const folder = path.split(/[\\/]+/).findLast((segment) => segment !== "") ?? "";
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 100)
    .replace(/-+$/, "");
  return isRepositoryName(name) ? name : "layout";
}
