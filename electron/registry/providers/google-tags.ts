// Google's tags/list, which says more than the protocol: the repositories below, and each manifest with its tags.
// https://github.com/google/go-containerregistry/blob/main/pkg/v1/google/list.go
import { z } from "zod";
import { FreightlinerError } from "../../../shared/errors.ts";
import { isRepositoryName, isTag } from "../../../shared/reference.ts";
import { parseJson, readBody } from "../body.ts";
import type { RegistryClient } from "../client.ts";
import { caps, defaultDeadlines } from "../limits.ts";
import { pullScope } from "../scopes.ts";

const names = z.array(z.unknown()).nullish();
const answerSchema = z.object({
  child: names,
  tags: names,
  manifest: z.record(z.string(), z.object({ tag: names })).nullish(),
});

export interface GoogleTags {
  /** Names of repositories or folders directly below, each one component. */
  readonly children: readonly string[];
  /** True where there are images in it, tagged or not. */
  readonly hasImages: boolean;
  /** Undefined for a digest that is not there. */
  tagsOf(digest: string): readonly string[] | undefined;
}

/** @throws FreightlinerError `repository-unknown`, the sign-in's and the transport's. */
export async function googleTags(
  client: RegistryClient,
  about: { readonly repository: string; readonly operation: string },
  signal: AbortSignal,
): Promise<GoogleTags> {
  const { repository, operation } = about;
  const what = `the tags of ${repository}`;
  const response = await client.call({
    method: "GET",
    target: `/v2/${repository}/tags/list`,
    scopes: [pullScope(repository)],
    operation,
    signal,
  });
  if (response.status !== 200)
    throw await client.errorOf(response, { operation, subject: "repository", what });
  const { host } = response.url;
  const bytes = await readBody(response, {
    limit: caps.page,
    what,
    operation,
    deadlineMs: defaultDeadlines.smallBodyMs,
  });
  const parsed = answerSchema.safeParse(parseJson(bytes));
  if (!parsed.success) {
    throw new FreightlinerError({
      code: "protocol",
      operation,
      message: `${host} did not answer with a list of tags for ${what}.`,
    });
  }
  const { child, tags, manifest } = parsed.data;
  return {
    children: texts(child).filter((name) => isRepositoryName(name) && !name.includes("/")),
    hasImages: texts(tags).length > 0 || Object.keys(manifest ?? {}).length > 0,
    tagsOf(digest) {
      const found = manifest !== null && manifest !== undefined && Object.hasOwn(manifest, digest);
      return found ? texts(manifest[digest]?.tag).filter(isTag) : undefined;
    },
  };
}

function texts(values: readonly unknown[] | null | undefined): readonly string[] {
  return (values ?? []).filter((value) => typeof value === "string");
}
