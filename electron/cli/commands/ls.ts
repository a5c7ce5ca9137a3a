// `ls REG` and `list-tags REG/REPO`: listings, printed while they are read.
import type { Command } from "commander";
import type { MethodResult } from "../../../shared/contract.ts";
import type { TagRule } from "../../../shared/selection.ts";
import { savedEndpoints } from "../endpoints.ts";
import type { ExitCode } from "../exit-code.ts";
import { sourceRepository } from "../layout-repository.ts";
import { printNames } from "../name-list.ts";
import type { Values } from "../option-values.ts";
import { tagPages } from "../repository-pairs.ts";
import { printNote, readGlobals, type Session, withSession } from "../session.ts";
import { addSideOptions, readSideOptions, type SideOptions } from "../sides.ts";
import { addTagOptions, hasTagOptions, readTagRule } from "../tag-options.ts";
import { parseRepositoryTarget, parseTarget } from "../target.ts";
import { type CommandContext, examples } from "./command-context.ts";
import { openOneSide } from "./one-side.ts";

const pageSize = 1_000;

interface ListOptions extends SideOptions {
  readonly sort: boolean;
}

function addSortOption(command: Command): void {
  command.option(
    "--sort",
    "sort, numbers by their value; the whole list is read first (default: the registry's own order, printed while it is read)",
  );
}

function readListOptions(values: Values): ListOptions {
  return { ...readSideOptions(values, "only"), sort: values.sort === true };
}

export function addLs(program: Command, context: CommandContext): void {
  const command = program
    .command("ls")
    .description("list the repositories of a registry")
    .argument("<registry>", "host[:port], a URL, oci:DIR or a saved name");
  addSortOption(command);
  addSideOptions(command, "only");
  command.addHelpText("after", examples("ls localhost:5000", "ls oci:./backup --json"));
  command.action(async (text: string) => {
    const values = command.optsWithGlobals();
    const options = readListOptions(values);
    const list = (session: Session): Promise<ExitCode> => listRepositories(session, text, options);
    context.finish(await withSession(context.io, readGlobals(values), list));
  });
}

export function addListTags(program: Command, context: CommandContext): void {
  const command = program
    .command("list-tags")
    .description("list the tags of a repository")
    .argument("<repository>", "host/repository, or oci:DIR[:repository]");
  addTagOptions(command);
  addSortOption(command);
  addSideOptions(command, "only");
  command.addHelpText(
    "after",
    examples(
      "list-tags localhost:5000/team/app",
      "list-tags localhost:5000/team/app --semver '>=1.2' --latest 5",
    ),
  );
  command.action(async (text: string) => {
    const values = command.optsWithGlobals();
    const options = readListOptions(values);
    const filter = hasTagOptions(values) ? readTagRule(values) : undefined;
    const list = (session: Session): Promise<ExitCode> => listTags(session, text, options, filter);
    context.finish(await withSession(context.io, readGlobals(values), list));
  });
}

async function listRepositories(session: Session, text: string, options: ListOptions): Promise<ExitCode> {
  const { sort, ...side } = options;
  const saved = await savedEndpoints(session);
  const endpoint = await openOneSide(session, {
    target: parseTarget(text, saved.names),
    options: side,
    saved,
  });
  let complete = true;
  const read = sort ? sortedRepositories : servedRepositories;
  const pages = read(session, endpoint.id, (all) => {
    complete = all;
  });
  const code = await printNames(session, { pages, name: "repositories", complete: () => complete });
  if (!complete) printNote(session.io, "The registry's list is not complete.");
  return code;
}

/** Told with each page: whether the registry lists all that it has. */
type Completeness = (complete: boolean) => void;

/** In the order in which the registry gives them, while it does. */
async function* servedRepositories(
  { client, stop }: Session,
  endpointId: string,
  isComplete: Completeness,
): AsyncGenerator<readonly string[]> {
  for (let stream: string | undefined = ""; stream !== undefined; ) {
    const query = { endpointId, limit: pageSize, stream };
    const page: MethodResult<"repositories.list"> = await client.call("repositories.list", query, stop);
    isComplete(page.complete);
    if (page.names.length > 0) yield page.names;
    stream = page.stream;
  }
}

async function* sortedRepositories(
  { client, stop }: Session,
  endpointId: string,
  isComplete: Completeness,
): AsyncGenerator<readonly string[]> {
  for (let offset = 0; ; ) {
    const page = await client.call("repositories.list", { endpointId, offset, limit: pageSize }, stop);
    isComplete(page.complete);
    if (page.names.length > 0) yield page.names;
    offset += page.names.length;
    if (page.names.length === 0 || offset >= page.total) return;
  }
}

async function listTags(
  session: Session,
  text: string,
  options: ListOptions,
  filter: TagRule | undefined,
): Promise<ExitCode> {
  const { sort, ...side } = options;
  const saved = await savedEndpoints(session);
  const target = parseRepositoryTarget(text, saved.names);
  const endpoint = await openOneSide(session, { target: target.target, options: side, saved });
  const repository = await sourceRepository(session, endpoint.id, target);
  const pages = sort
    ? tagPages(session, endpoint.id, repository, filter)
    : servedTags(session, endpoint.id, repository, filter);
  return printNames(session, { pages, name: "tags", before: { repository } });
}

/** Tags in the order in which the registry gives them, while it does. */
async function* servedTags(
  { client, stop }: Session,
  endpointId: string,
  repository: string,
  filter: TagRule | undefined,
): AsyncGenerator<readonly string[]> {
  const query = { endpointId, repository, limit: pageSize, ...(filter === undefined ? {} : { filter }) };
  for (let stream: string | undefined = ""; stream !== undefined; ) {
    const page: MethodResult<"tags.list"> = await client.call("tags.list", { ...query, stream }, stop);
    if (page.tags.length > 0) yield page.tags;
    stream = page.stream;
  }
}
