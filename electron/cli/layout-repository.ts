// Which repository of a layout folder is meant where none was named.
import { layoutRepositoryName } from "../../shared/layout-name.ts";
import type { Session } from "./session.ts";
import type { ImageTarget } from "./target.ts";
import { usageError } from "./usage-error.ts";

/** The repository that the target names; for a folder, its only or its own one. */
export async function sourceRepository(
  session: Session,
  endpointId: string,
  image: ImageTarget,
): Promise<string> {
  if (image.repository !== undefined) return image.repository;
  if (image.target.kind !== "layout") throw usageError("An image needs a repository.");
  const own = layoutRepositoryName(image.target.path);
  const { names } = await session.client.call("repositories.list", { endpointId, limit: 2 }, session.stop);
  const [only] = names;
  return names.length === 1 && only !== undefined ? only : own;
}

/** Where an image lands: the named repository, or the folder's own. */
export function destinationRepository(image: ImageTarget): string {
  if (image.repository !== undefined) return image.repository;
  if (image.target.kind !== "layout") throw usageError("An image needs a repository.");
  return layoutRepositoryName(image.target.path);
}
