// Options that say which repositories are meant.
import type { Command } from "commander";
import { compileGlob } from "../../shared/glob.ts";
import { parseRepositoryName } from "../../shared/reference.ts";
import { globSchema, repositoryNameSchema, type SelectionItem } from "../../shared/selection.ts";
import { each, listOf, parsed, type Values } from "./option-values.ts";
import { readTagRule } from "./tag-options.ts";
import { usageError } from "./usage-error.ts";

const glob = parsed((text: string) => {
  compileGlob(text);
  return text;
});

export function addRepositoryOptions(command: Command): Command {
  return command
    .option("--repository <name>", "a repository (repeatable)", each(parsed(parseRepositoryName)))
    .option("--repository-pattern <glob>", "repositories by glob, '**' for all (repeatable)", each(glob))
    .option("--exclude-repo <glob>", "leave these repositories out (repeatable)", each(glob));
}

export interface RepositoryRule {
  readonly names: string[];
  readonly include: string[];
  readonly exclude: string[];
}

export function readRepositoryRule(values: Values): RepositoryRule {
  return {
    names: listOf(values, "repository", repositoryNameSchema),
    include: listOf(values, "repositoryPattern", globSchema),
    exclude: listOf(values, "excludeRepo", globSchema),
  };
}

/** @throws FreightlinerError `usage` where no repository is asked for. */
export function readSelection(values: Values): SelectionItem {
  const repositories = readRepositoryRule(values);
  if (repositories.names.length === 0 && repositories.include.length === 0) {
    throw usageError(
      "Say which repositories: --repository NAME or --repository-pattern GLOB ('**' for all).",
    );
  }
  return { kind: "repositories", ...repositories, tags: readTagRule(values) };
}
