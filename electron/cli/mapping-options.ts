// Options that say where repositories and tags land: prefix, strip, flatten, template, one repository, renamed tags.
import { type Command, InvalidArgumentError, Option } from "commander";
import { parseRepositoryName } from "../../shared/reference.ts";
import { type Mapping, type TagRename, tagRenameSchema } from "../../shared/selection.ts";
import { numberOf, parsed, textOf, type Values, wholeNumber } from "./option-values.ts";
import { usageError } from "./usage-error.ts";

const arrow = "=>";

/** `RE=>TEMPLATE`; the last arrow counts, because no name holds one. */
function readRewrite(text: string): TagRename {
  const at = text.lastIndexOf(arrow);
  const rewrite = { pattern: text.slice(0, Math.max(0, at)), replacement: text.slice(at + arrow.length) };
  const read = tagRenameSchema.safeParse(rewrite);
  if (at > 0 && read.success) return read.data;
  const issue = read.error?.issues[0];
  if (at <= 0 || issue === undefined)
    throw new InvalidArgumentError(
      "expected RE=>TEMPLATE, a regular expression of RE2 and what becomes of a match, like '^team/(.+)$=>mirror/$1'.",
    );
  const where = issue.path[0] === "pattern" ? "before" : "behind";
  throw new InvalidArgumentError(`${where} the arrow: ${issue.message}.`);
}

const readPrefix = parsed((text: string): string => {
  const path = text.replace(/^\/+|\/+$/g, "");
  return path === "" ? "" : parseRepositoryName(path);
});

export function addMappingOptions(command: Command): Command {
  return command
    .option("--prefix <path>", "put every repository below this path", readPrefix)
    .option("--strip <number>", "leave so many path components out at the front", wholeNumber(1, 32))
    .addOption(new Option("--flatten", "leave all path components out but the last").conflicts("strip"))
    .addOption(
      new Option("--flatten-separator <sign>", "with --flatten: join them by this instead").choices([
        ..."-_.",
        "__",
      ]),
    )
    .addOption(
      new Option("--map <rewrite>", "RE=>TEMPLATE over the whole name, $1 for a group")
        .argParser(readRewrite)
        .conflicts(["prefix", "strip", "flatten", "into"]),
    )
    .addOption(
      new Option("--into <repository>", "put every tag into this one repository")
        .argParser(parsed(parseRepositoryName))
        .conflicts(["prefix", "strip", "flatten"]),
    );
}

export function addTagRenameOption(command: Command): Command {
  return command.addOption(
    new Option("--rename-tag <rewrite>", "RE=>TEMPLATE over the whole tag; others keep their name").argParser(
      readRewrite,
    ),
  );
}

/** @throws FreightlinerError `usage` where `--flatten-separator` stands alone. */
export function readMapping(values: Values): Mapping {
  const prefix = textOf(values, "prefix") ?? "";
  const levels = numberOf(values, "strip");
  const into = textOf(values, "into");
  const separator = separatorOf(values);
  if (separator !== undefined && values.flatten !== true)
    throw usageError("--flatten-separator says how --flatten joins; expected --flatten beside it.");
  if (into !== undefined) return { kind: "into", repository: into };
  const rewrite = rewriteOf(values, "map");
  if (rewrite !== null) return { kind: "template", ...rewrite };
  if (levels !== undefined) return { kind: "strip", levels, prefix };
  if (values.flatten === true)
    return { kind: "flatten", prefix, ...(separator === undefined ? {} : { separator }) };
  return prefix === "" ? { kind: "keep" } : { kind: "prefix", prefix };
}

function separatorOf(values: Values): "-" | "_" | "__" | "." | undefined {
  const sign = values.flattenSeparator;
  return sign === "-" || sign === "_" || sign === "__" || sign === "." ? sign : undefined;
}

function rewriteOf(values: Values, name: string): TagRename | null {
  return values[name] === undefined ? null : tagRenameSchema.parse(values[name]);
}

export function readTagRename(values: Values): TagRename | null {
  return rewriteOf(values, "renameTag");
}
