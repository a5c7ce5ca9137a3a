// What is carried from one pane to the other, and what a drop of it asks the engine for: pure functions.
import type { MethodInput } from "../../../shared/contract.ts";
import { plural } from "../../text/common.ts";
import { repositoriesText, transferText } from "../../text/transfer.ts";
import type { TagRuleInput } from "./tag-filter.ts";
import type { TagList } from "./tag-list.ts";

/** Tags by name, or by the rule behind "all that the filter shows". */
type PickedTags =
  | { readonly by: "name"; readonly names: readonly string[] }
  | {
      readonly by: "rule";
      readonly rule: TagRuleInput;
      readonly except: readonly string[];
      readonly count: number;
    }
  /** What no rule can say, such as "what is missing there": its names are read before it is planned. */
  | {
      readonly by: "list";
      readonly list: TagList;
      readonly except: readonly string[];
      readonly count: number;
    };

export type Payload = { readonly endpointId: string } & (
  | { readonly kind: "tags"; readonly repository: string; readonly tags: PickedTags }
  | { readonly kind: "repository"; readonly repository: string }
  | { readonly kind: "folder"; readonly path: string; readonly count: number }
  | { readonly kind: "registry"; readonly name: string; readonly count: number }
);

export interface Target {
  readonly endpointId: string;
  readonly place:
    | { readonly kind: "registry" }
    | { readonly kind: "repository"; readonly repository: string }
    | { readonly kind: "folder"; readonly path: string };
}

export type Drop =
  | {
      readonly allowed: true;
      readonly spec: PlanSpec /** Where it lands, in a few words. */;
      readonly where: string;
    }
  | { readonly allowed: false; readonly why: string };

type PlanSpec = MethodInput<"runs.plan">;
type Item = PlanSpec["selection"][number];
type PlanMapping = NonNullable<PlanSpec["mapping"]>;

/** Up to this many tags travel as images by name; more as one rule. */
const mostImages = 1000;
/** Limits of a tag rule (shared/selection.ts). */
const mostGlobs = 100;
const longestGlob = 1000;

/** What a person reads on the thing that is being dragged. */
export function payloadText(payload: Payload): string {
  switch (payload.kind) {
    case "tags": {
      const { tags, repository } = payload;
      if (tags.by === "name" && tags.names.length === 1) return `${repository}:${tags.names[0]}`;
      const count = tags.by === "name" ? tags.names.length : tags.count;
      return `${plural(count, "tag", "tags")} · ${repository}`;
    }
    case "repository":
      return payload.repository;
    case "folder":
      return `${payload.path}/ · ${repositoriesText(payload.count)}`;
    case "registry":
      return `${payload.name} · ${repositoriesText(payload.count)}`;
  }
}

/** `{a,b,c}` globs that together name the tags; undefined where they would be more than a rule may hold. */
export function globsOf(names: readonly string[]): readonly string[] | undefined {
  const globs: string[] = [];
  let members: string[] = [];
  let length = 2;
  const flush = (): void => {
    // A tag holds none of the characters that mean something in a glob.
    if (members.length > 0) globs.push(members.length === 1 ? (members[0] ?? "") : `{${members.join(",")}}`);
    members = [];
    length = 2;
  };
  for (const name of names) {
    if (length + name.length + 1 > longestGlob) flush();
    members.push(name);
    length += name.length + 1;
  }
  flush();
  return globs.length > mostGlobs ? undefined : globs;
}

function tagItems(repository: string, tags: PickedTags): readonly Item[] {
  if (tags.by === "name" && tags.names.length <= mostImages) {
    return tags.names.map((reference) => ({ kind: "image", repository, reference }));
  }
  if (tags.by === "list") return [];
  const rule = tags.by === "name" ? { names: [...tags.names] } : ruleLess(tags.rule, tags.except);
  return [{ kind: "repositories", names: [repository], tags: rule }];
}

function ruleLess(rule: TagRuleInput, except: readonly string[]): TagRuleInput {
  const exclude = [...(rule.exclude ?? []), ...(globsOf(except) ?? [])];
  return exclude.length === 0 ? rule : { ...rule, exclude };
}

function items(payload: Payload): readonly Item[] {
  switch (payload.kind) {
    case "tags":
      return tagItems(payload.repository, payload.tags);
    case "repository":
      return [{ kind: "repositories", names: [payload.repository], tags: {} }];
    case "folder":
      return [{ kind: "repositories", include: [`${payload.path}/**`], tags: {} }];
    case "registry":
      return [{ kind: "repositories", include: ["**"], tags: {} }];
  }
}

/** The one repository that a payload comes from, where it is one. */
function repositoryOf(payload: Payload): string | undefined {
  return payload.kind === "tags" || payload.kind === "repository" ? payload.repository : undefined;
}

function pathOf(payload: Payload): string {
  return payload.kind === "folder" ? payload.path : (repositoryOf(payload) ?? "");
}

/** Into the folder it comes from, on the other side: names stay, as a person means who drops `a/b` on `a`. */
function isOwnFolder(payload: Payload, folder: string): boolean {
  const path = pathOf(payload);
  return path === folder || path.slice(0, path.lastIndexOf("/")) === folder;
}

function mapping(payload: Payload, place: Target["place"]): PlanMapping | { readonly refused: string } {
  if (place.kind === "registry") return { kind: "keep" };
  if (place.kind === "folder") {
    return isOwnFolder(payload, place.path) ? { kind: "keep" } : { kind: "prefix", prefix: place.path };
  }
  const repository = repositoryOf(payload);
  if (repository === undefined) return { refused: transferText.drop.manyIntoOne };
  return repository === place.repository ? { kind: "keep" } : { kind: "into", repository: place.repository };
}

function whereText(payload: Payload, to: PlanMapping): string {
  const path = pathOf(payload);
  if (to.kind === "into") return to.repository;
  const shown = payload.kind === "folder" ? `${path}/` : path === "" ? transferText.drop.sameNames : path;
  return to.kind === "prefix" ? `${to.prefix}/${path === "" ? "" : shown}` : shown;
}

/** Whether a rule can name the tags that were taken out of it. */
function holdsExcept({ rule, except }: { rule: TagRuleInput; except: readonly string[] }): boolean {
  const globs = globsOf(except);
  return globs !== undefined && globs.length + (rule.exclude?.length ?? 0) <= mostGlobs;
}

/** The plan that a drop asks for, or why it cannot be dropped there. */
export function dropOf(payload: Payload, target: Target): Drop {
  const to = mapping(payload, target.place);
  if ("refused" in to) return { allowed: false, why: to.refused };
  if (payload.endpointId === target.endpointId && to.kind === "keep") {
    return { allowed: false, why: transferText.drop.samePlace };
  }
  if (payload.kind === "tags" && payload.tags.by === "rule" && !holdsExcept(payload.tags)) {
    return { allowed: false, why: transferText.drop.tooManyExceptions };
  }
  return {
    allowed: true,
    where: whereText(payload, to),
    spec: {
      sourceId: payload.endpointId,
      destinationId: target.endpointId,
      selection: [...items(payload)],
      mapping: to,
    },
  };
}
