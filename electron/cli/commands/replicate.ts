// `replicate` and `plan`: many repositories and tags by rule, from one endpoint to another.
import type { Command } from "commander";
import type { JobSpec } from "../../../shared/run.ts";
import type { Mapping, SelectionItem, TagRename } from "../../../shared/selection.ts";
import { savedEndpoints } from "../endpoints.ts";
import type { ExitCode } from "../exit-code.ts";
import { addMappingOptions, addTagRenameOption, readMapping, readTagRename } from "../mapping-options.ts";
import type { Values } from "../option-values.ts";
import { planAndRun } from "../plan-and-run.ts";
import { addRepositoryOptions, readSelection } from "../repository-options.ts";
import { withFlow, withRunOutput } from "../run-flow.ts";
import {
  type AskedOptions,
  addManyOptions,
  addRunOptions,
  completeOptions,
  readRunOptions,
} from "../run-options.ts";
import type { Session } from "../session.ts";
import { addSideOptions } from "../sides.ts";
import { addTagOptions } from "../tag-options.ts";
import { parseTarget } from "../target.ts";
import { openTwoSides, readTwoSides, resumeWords, type TwoSides } from "../two-sides.ts";
import { type CommandContext, examples, readOutput } from "./command-context.ts";

export function addReplicate(program: Command, context: CommandContext): void {
  const command = program.command("replicate").description("copy many images by repository and tag rules");
  addReplicateOptions(command);
  command.addHelpText(
    "after",
    examples(
      "replicate --source localhost:5000 --destination localhost:5001 --repository team/app",
      "replicate --source localhost:5000 --destination localhost:5001 --repository-pattern 'team/**' --tag-filter 'v*' --parallel-workers 8",
      "replicate --source a.example --destination b.example --repository-pattern '**' --semver '>=1.0.0' --platform linux/amd64",
      "replicate --source a.example --destination b.example --repository-pattern 'team/**' --mirror --max-delete 20 --yes",
    ),
  );
  command.action(async () => {
    const values: Values = command.optsWithGlobals();
    context.finish(await replicate(context, values, values.dryRun === true));
  });
}

export function addPlan(program: Command, context: CommandContext): void {
  const command = program.command("plan").description("show what replicate would do and change nothing");
  addReplicateOptions(command);
  command.addHelpText(
    "after",
    examples("plan --source localhost:5000 --destination localhost:5001 --repository-pattern '**'"),
  );
  command.action(async () => {
    const values: Values = { ...command.optsWithGlobals(), dryRun: true };
    context.finish(await replicate(context, values, true));
  });
}

/** Every word that `replicate` and `plan` understand beside the global ones. */
export function addReplicateOptions(command: Command): void {
  command
    .requiredOption("--source <registry>", "host[:port], a URL, oci:DIR or a saved name")
    .requiredOption("--destination <registry>", "host[:port], a URL, oci:DIR or a saved name");
  addRepositoryOptions(command);
  addTagOptions(command);
  addMappingOptions(command);
  addTagRenameOption(command);
  addManyOptions(command);
  addRunOptions(command);
  addSideOptions(command, "source");
  addSideOptions(command, "destination");
}

/** What the options ask for; the ends are opened later. */
export interface ReplicateRequest {
  readonly selection: SelectionItem;
  readonly mapping: Mapping;
  readonly renameTags: TagRename | null;
  readonly options: AskedOptions;
}

/** @throws FreightlinerError `usage` or `invalid-reference` that names the option and what was expected. */
export function readReplicate(values: Values): ReplicateRequest {
  return {
    options: readRunOptions(values),
    selection: readSelection(values),
    mapping: readMapping(values),
    renameTags: readTagRename(values),
  };
}

async function replicate(context: CommandContext, values: Values, dryRun: boolean): Promise<ExitCode> {
  const sides = readTwoSides(values);
  const request = readReplicate(values);
  const output = readOutput(context, values);
  return withRunOutput(output, (session) =>
    withFlow(session, output, resumeWords(sides), async (flow) => {
      const spec = await replicateSpec(session, values, sides, request);
      return planAndRun(flow, spec, dryRun);
    }),
  );
}

async function replicateSpec(
  session: Session,
  values: Values,
  sides: TwoSides,
  { selection, mapping, renameTags, options }: ReplicateRequest,
): Promise<JobSpec> {
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
    renameTags,
    options: completeOptions(options, session.file?.defaults ?? {}),
  };
}
