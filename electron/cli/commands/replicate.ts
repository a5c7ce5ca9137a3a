// `replicate` and `plan`: many repositories and tags by rule, from one endpoint to another.
import { type Command, Option } from "commander";
import { compileGlob } from "../../../shared/glob.ts";
import { parseRepositoryName, parseTag } from "../../../shared/reference.ts";
import type { JobSpec, RunOptions } from "../../../shared/run.ts";
import type { Mapping, SelectionItem } from "../../../shared/selection.ts";
import { typedCommand } from "../command-words.ts";
import { savedEndpoints } from "../endpoints.ts";
import { planAndRun, withFlow, withRunOutput } from "../run-flow.ts";
import { addRunOptions, readFiles, readRunOptions, repeated, wholeNumber } from "../run-options.ts";
import { readGlobals, type Session } from "../session.ts";
import { addSideOptions } from "../sides.ts";
import { parseTarget } from "../target.ts";
import { openTwoSides, readTwoSides, resumeWords, type TwoSides } from "../two-sides.ts";
import { usageError } from "../usage-error.ts";
import { type CommandContext, examples } from "./command-context.ts";

type Values = Readonly<Record<string, unknown>>;

export function addReplicate(program: Command, context: CommandContext): void {
  const command = program.command("replicate").description("copy many images by repository and tag rules");
  addSelectionOptions(command);
  command.addHelpText(
    "after",
    examples(
      "replicate --source localhost:5000 --destination localhost:5001 --repository team/app",
      "replicate --source localhost:5000 --destination localhost:5001 --repository-pattern 'team/**' --tag-filter 'v*' --parallel-workers 8",
    ),
  );
  command.action(async () => {
    const values: Values = command.optsWithGlobals();
    context.finish(await replicate(context, values, values.dryRun === true));
  });
}

export function addPlan(program: Command, context: CommandContext): void {
  const command = program.command("plan").description("show what replicate would do and change nothing");
  addSelectionOptions(command);
  command.addHelpText(
    "after",
    examples("plan --source localhost:5000 --destination localhost:5001 --repository-pattern '**'"),
  );
  command.action(async () => context.finish(await replicate(context, command.optsWithGlobals(), true)));
}

function addSelectionOptions(command: Command): void {
  const workers = wholeNumber(1, 64);
  command
    .requiredOption("--source <registry>", "host[:port], a URL, oci:DIR or a saved name")
    .requiredOption("--destination <registry>", "host[:port], a URL, oci:DIR or a saved name")
    .option("--repository <name>", "a repository (repeatable)", repeated)
    .option("--repository-pattern <glob>", "repositories by glob, ** for all (repeatable)", repeated)
    .option("--exclude-repo <glob>", "leave these repositories out (repeatable)", repeated)
    .option("--tags <names>", "these tags, separated by commas", repeated)
    .option("--tag-filter <glob>", "tags by glob, like 'v*' (repeatable)", repeated)
    .option("--exclude-tag <glob>", "leave these tags out (repeatable)", repeated)
    .addOption(new Option("--prefix <path>", "put every repository below this path").conflicts("into"))
    .option("--into <repository>", "put every tag into this one repository")
    .option("--parallel-workers <number>", "images copied at once (default: 4)", workers)
    .addOption(
      new Option("--workers <number>", "the same as --parallel-workers")
        .argParser(workers)
        .conflicts("parallelWorkers"),
    );
  addRunOptions(command);
  addSideOptions(command, "source");
  addSideOptions(command, "destination");
}

async function replicate(context: CommandContext, values: Values, dryRun: boolean) {
  const { io, argv } = context;
  const sides = readTwoSides(values);
  const options = readRunOptions(values);
  const selection = readSelection(values);
  const mapping = readMapping(values);
  const output = { io, globals: readGlobals(values), files: readFiles(values), command: typedCommand(argv) };
  return withRunOutput(output, (session) =>
    withFlow(session, output, resumeWords(sides), async (flow) => {
      const spec = await replicateSpec(session, { values, sides, options, selection, mapping });
      return planAndRun(flow, spec, dryRun);
    }),
  );
}

interface ReplicateRequest {
  readonly values: Values;
  readonly sides: TwoSides;
  readonly options: RunOptions;
  readonly selection: SelectionItem;
  readonly mapping: Mapping;
}

async function replicateSpec(session: Session, request: ReplicateRequest): Promise<JobSpec> {
  const { values, sides, options, selection, mapping } = request;
  const saved = await savedEndpoints(session);
  const { source, destination } = await openTwoSides(session, {
    sides,
    saved,
    source: parseTarget(String(values.source), saved.names),
    destination: parseTarget(String(values.destination), saved.names),
  });
  return {
    sourceId: source.id,
    destinationId: destination.id,
    selection: [selection],
    mapping,
    renameTags: null,
    options,
  };
}

function list(values: Values, name: string): string[] {
  const value = values[name];
  return Array.isArray(value) ? value.map(String) : [];
}

function globs(values: Values, name: string): string[] {
  const patterns = list(values, name);
  for (const pattern of patterns) compileGlob(pattern);
  return patterns;
}

/** @throws FreightlinerError `usage` or `invalid-reference` that names the option's value. */
function readSelection(values: Values): SelectionItem {
  const names = list(values, "repository").map(parseRepositoryName);
  const include = globs(values, "repositoryPattern");
  if (names.length === 0 && include.length === 0) {
    throw usageError(
      "Say which repositories: --repository NAME or --repository-pattern GLOB ('**' for all).",
    );
  }
  const tags = list(values, "tags")
    .flatMap((text) => text.split(","))
    .map((tag) => parseTag(tag.trim()));
  return {
    kind: "repositories",
    names,
    include,
    exclude: globs(values, "excludeRepo"),
    tags: {
      names: tags,
      include: globs(values, "tagFilter"),
      exclude: globs(values, "excludeTag"),
      sets: [],
    },
  };
}

function readMapping(values: Values): Mapping {
  const { prefix, into } = values;
  if (typeof into === "string") return { kind: "into", repository: parseRepositoryName(into) };
  if (typeof prefix !== "string") return { kind: "keep" };
  const path = prefix.replace(/^\/+|\/+$/g, "");
  if (path !== "") parseRepositoryName(path);
  return { kind: "prefix", prefix: path };
}
