// Which repository of a layout folder or an archive is meant where none was named.
import { archiveRepositoryName, layoutRepositoryName } from "../../shared/layout-name.ts";
import type { Session } from "./session.ts";
import { type ImageTarget, isOnDisk, type Target } from "./target.ts";
import { usageError } from "./usage-error.ts";

/** The repository that the target names; for a folder, its only or its own one. */
export async function sourceRepository(
  session: Session,
  endpointId: string,
  image: ImageTarget,
): Promise<string> {
  if (image.repository !== undefined) return image.repository;
  if (!isOnDisk(image.target)) throw usageError("An image needs a repository.");
  const own = ownRepository(image.target);
  const { names } = await session.client.call("repositories.list", { endpointId, limit: 2 }, session.stop);
  const [only] = names;
  return names.length === 1 && only !== undefined ? only : own;
}

/** Where an image lands: the named repository, or the folder's own. */
export function destinationRepository(image: ImageTarget): string {
  if (image.repository !== undefined) return image.repository;
  if (!isOnDisk(image.target)) throw usageError("An image needs a repository.");
  return ownRepository(image.target);
}

function ownRepository({ kind, path }: Extract<Target, { readonly path: string }>): string {
  return kind === "layout" ? layoutRepositoryName(path) : archiveRepositoryName(path);
}
