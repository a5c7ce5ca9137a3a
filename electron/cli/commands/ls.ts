// `ls REG` and `list-tags REG/REPO`: listings, printed page by page.
import type { Command } from "commander";
import type { TagRule } from "../../../shared/selection.ts";
import { savedEndpoints } from "../endpoints.ts";
import { exitCodes } from "../exit-code.ts";
import { sourceRepository } from "../layout-repository.ts";
import { tagPages } from "../repository-pairs.ts";
import { printJson, printLines, printNote, readGlobals, type Session, withSession } from "../session.ts";
import { addSideOptions, readSideOptions, type SideOptions } from "../sides.ts";
import { addTagOptions, hasTagOptions, readTagRule } from "../tag-options.ts";
import { parseRepositoryTarget, parseTarget } from "../target.ts";
import { type CommandContext, examples } from "./command-context.ts";
import { openOneSide } from "./one-side.ts";

const pageSize = 1_000;

export function addLs(program: Command, context: CommandContext): void {
  const command = program
    .command("ls")
    .description("list the repositories of a registry")
    .argument("<registry>", "host[:port], a URL, oci:DIR or a saved name");
  addSideOptions(command, "only");
  command.addHelpText("after", examples("ls localhost:5000", "ls oci:./backup --json"));
  command.action(async (text: string) => {
    const values = command.optsWithGlobals();
    const options = readSideOptions(values, "only");
    await withSession(context.io, readGlobals(values), (session) => listRepositories(session, text, options));
    context.finish(exitCodes.done);
  });
}

export function addListTags(program: Command, context: CommandContext): void {
  const command = program
    .command("list-tags")
    .description("list the tags of a repository")
    .argument("<repository>", "host/repository, or oci:DIR[:repository]");
  addTagOptions(command);
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
    const options = readSideOptions(values, "only");
    const filter = hasTagOptions(values) ? readTagRule(values) : undefined;
    await withSession(context.io, readGlobals(values), (session) => listTags(session, text, options, filter));
    context.finish(exitCodes.done);
  });
}

async function listRepositories(session: Session, text: string, options: SideOptions): Promise<void> {
  const { client, io, globals, stop } = session;
  const saved = await savedEndpoints(session);
  const endpoint = await openOneSide(session, { target: parseTarget(text, saved.names), options, saved });
  const all: string[] = [];
  let seen = 0;
  let complete = true;
  for (;;) {
    const page = await client.call(
      "repositories.list",
      { endpointId: endpoint.id, offset: seen, limit: pageSize },
      stop,
    );
    seen += page.names.length;
    complete = page.complete;
    if (globals.json) all.push(...page.names);
    else printLines(io, page.names);
    if (page.names.length === 0 || seen >= page.total) break;
  }
  if (globals.json) printJson(io, { repositories: all, complete });
  if (!complete) printNote(io, "The registry's list is not complete.");
}

async function listTags(
  session: Session,
  text: string,
  options: SideOptions,
  filter: TagRule | undefined,
): Promise<void> {
  const { io, globals } = session;
  const saved = await savedEndpoints(session);
  const target = parseRepositoryTarget(text, saved.names);
  const endpoint = await openOneSide(session, { target: target.target, options, saved });
  const repository = await sourceRepository(session, endpoint.id, target);
  const all: string[] = [];
  for await (const tags of tagPages(session, endpoint.id, repository, filter)) {
    if (globals.json) all.push(...tags);
    else printLines(io, tags);
  }
  if (globals.json) printJson(io, { repository, tags: all });
}
