// An image's configuration as far as people look at it: https://github.com/opencontainers/image-spec/blob/main/config.md
import { z } from "zod";

const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const text = z
  .string()
  .nullish()
  .transform((value) => (value === "" ? null : (value ?? null)));
/** A set in Go: `{"80/tcp": {}}`. */
const nameSet = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((set) => Object.keys(set ?? {}));

const wireConfig = z.object({
  created: text,
  author: text,
  os: text,
  architecture: text,
  variant: text,
  config: z
    .object({
      User: text,
      WorkingDir: text,
      Entrypoint: texts,
      Cmd: texts,
      Env: texts,
      Labels: z
        .record(z.string(), z.string())
        .nullish()
        .transform((labels) => labels ?? {}),
      ExposedPorts: nameSet,
      Volumes: nameSet,
      StopSignal: text,
    })
    .nullish(),
  history: z
    .array(z.object({ created: text, created_by: text, comment: text, empty_layer: z.boolean().nullish() }))
    .nullish()
    .transform((history) => history ?? []),
});

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}
export interface HistoryStep {
  /** The command, without the shell's own words around it. */
  readonly command: string;
  readonly created: string | null;
  readonly empty: boolean;
}
export interface ImageConfig {
  readonly created: string | null;
  readonly author: string | null;
  readonly platform: string | null;
  readonly user: string | null;
  readonly workingDir: string | null;
  readonly stopSignal: string | null;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: readonly NamedValue[];
  readonly labels: readonly NamedValue[];
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly history: readonly HistoryStep[];
}

/** Undefined where the text is no image's configuration, as an artifact's own is not. */
export function readImageConfig(json: string): ImageConfig | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // Whatever somebody put there: it is shown as text.
    return undefined;
  }
  const parsed = wireConfig.safeParse(value);
  if (!parsed.success) return undefined;
  const { config, ...image } = parsed.data;
  const platform = [image.os, image.architecture, image.variant].filter((part) => part !== null).join("/");
  return {
    created: image.created,
    author: image.author,
    platform: platform === "" ? null : platform,
    user: config?.User ?? null,
    workingDir: config?.WorkingDir ?? null,
    stopSignal: config?.StopSignal ?? null,
    entrypoint: config?.Entrypoint ?? [],
    cmd: config?.Cmd ?? [],
    env: (config?.Env ?? []).map(named),
    labels: Object.entries(config?.Labels ?? {}).map(([name, label]) => ({ name, value: label })),
    ports: config?.ExposedPorts ?? [],
    volumes: config?.Volumes ?? [],
    history: image.history.map((step) => ({
      command: commandText(step.created_by ?? step.comment ?? ""),
      created: step.created,
      empty: step.empty_layer === true,
    })),
  };
}

function named(line: string): NamedValue {
  const equals = line.indexOf("=");
  return equals < 0
    ? { name: line, value: "" }
    : { name: line.slice(0, equals), value: line.slice(equals + 1) };
}

/** `/bin/sh -c #(nop)  ENV A=1` → `ENV A=1`; `/bin/sh -c apt-get update` → `RUN apt-get update`. */
export function commandText(createdBy: string): string {
  const line = createdBy.replace(/\s*# buildkit$/, "").trim();
  const nop = /^\/bin\/sh -c #\(nop\)\s*/.exec(line);
  if (nop !== null) return line.slice(nop[0].length);
  const shell = /^(?:RUN )?(?:\|\d+ .*? )?\/bin\/sh -c\s+/s.exec(line);
  return shell === null ? line : `RUN ${line.slice(shell[0].length)}`;
}

const secretName = /pass(?:word|wd|phrase)?$|secret|token|api_?key|private_?key|credential|access_?key/i;

/** True for names whose values are usually secret; a file's path or an empty value is none. */
export function looksSecret({ name, value }: NamedValue): boolean {
  return value !== "" && secretName.test(name) && !/_(?:file|path|dir)$/i.test(name);
}

/** An argument list as one would type it. */
export function shellText(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}
