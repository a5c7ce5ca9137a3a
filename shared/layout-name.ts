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

/** The repository of images in an archive that have none: what the file is called. */
export function archiveRepositoryName(path: string): string {
  const file = path.split(/[\\/]/).at(-1) ?? "";
  const name = file.toLowerCase().replace(/\.(?:tar|tgz|tar\.gz)$/, "");
  return name.replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "") || "archive";
}
