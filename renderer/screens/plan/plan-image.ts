// What a row of a plan is called, of which kind it is, and how the engine is asked for the rows of a kind.
import type { MethodInput } from "../../../shared/contract.ts";
import type { ImageAction, RunImage } from "../../../shared/run.ts";

/** What a row is for the person: the plan's action, or that it could not be read. */
export type RowKind = ImageAction | "unreadable";
export const rowKinds: readonly RowKind[] = ["copy", "overwrite", "skip", "conflict", "delete", "unreadable"];

export function rowKind(image: RunImage): RowKind {
  // Two images that would land under one name carry an error and are a conflict.
  return image.error === null || image.action === "conflict" ? image.action : "unreadable";
}

/** Kinds that write or delete something; the rest has nothing to leave out. */
export const tickableKinds = ["copy", "overwrite", "delete"] as const satisfies readonly RowKind[];
export type TickableKind = (typeof tickableKinds)[number];

export function isTickableKind(kind: RowKind): kind is TickableKind {
  return kind === "copy" || kind === "overwrite" || kind === "delete";
}
export function isTickable(image: RunImage): boolean {
  return isTickableKind(rowKind(image));
}

/** Which rows are shown. */
export interface RowFilter {
  readonly kind: RowKind | "all";
  readonly text: string;
}
export const noFilter: RowFilter = { kind: "all", text: "" };

/** The same as the engine's filter. */
export function filterQuery({
  kind,
  text,
}: RowFilter): Pick<MethodInput<"runs.images">, "actions" | "states" | "text"> {
  const needle = text.trim();
  return { ...kindQuery(kind), ...(needle === "" ? {} : { text: needle }) };
}

function kindQuery(kind: RowFilter["kind"]): Pick<MethodInput<"runs.images">, "actions" | "states"> {
  switch (kind) {
    case "all":
      return {};
    case "conflict":
      return { actions: ["conflict"] };
    case "unreadable":
      return { actions: ["copy", "overwrite", "skip", "delete"], states: ["failed"] };
    case "skip":
      return { actions: ["skip"], states: ["skipped"] };
    case "copy":
    case "overwrite":
    case "delete":
      return { actions: [kind], states: ["planned"] };
  }
}

function joined(repository: string, reference: string | null): string {
  if (reference === null) return repository;
  return reference.includes(":") ? `${repository}@${reference}` : `${repository}:${reference}`;
}
/** `team/app:v1`, or the repository alone where the whole of it could not be read. */
export function sourceText(image: RunImage): string {
  return joined(image.sourceRepository, image.sourceReference);
}
export function destinationText(image: RunImage): string {
  return joined(image.destinationRepository, image.destinationReference);
}

/** Both ends where they differ; what is deleted has only the one. */
export function endsText(image: RunImage): string {
  const [source, destination] = [sourceText(image), destinationText(image)];
  return image.action === "delete" || source === destination ? destination : `${source} → ${destination}`;
}
