// What an entry of index.json is called: https://github.com/opencontainers/image-spec/blob/main/annotations.md
import { isRepositoryName, isTag } from "../../shared/reference.ts";

export const refNameAnnotation = "org.opencontainers.image.ref.name";

export interface RefName {
  readonly repository: string;
  readonly tag: string;
}

/** `v1` belongs to the folder's own repository, `team/app:v1` names its own; anything else is no name of ours. */
export function parseRefName(text: string, defaultRepository: string): RefName | undefined {
  if (isTag(text)) return { repository: defaultRepository, tag: text };
  const colon = text.lastIndexOf(":");
  if (colon < 0) return undefined;
  const repository = text.slice(0, colon);
  const tag = text.slice(colon + 1);
  return isRepositoryName(repository) && isTag(tag) ? { repository, tag } : undefined;
}

/** Plain for the folder's own repository, so that `skopeo copy oci:FOLDER:v1` finds it. */
export function formatRefName(name: RefName, defaultRepository: string): string {
  return name.repository === defaultRepository ? name.tag : `${name.repository}:${name.tag}`;
}
