// `copy SOURCE DESTINATION`: one image, tag or digest, between registries and layout folders.
import type { Command } from "commander";
import type { JobSpec } from "../../../shared/run.ts";
import { savedEndpoints } from "../endpoints.ts";
import { destinationRepository, sourceRepository } from "../layout-repository.ts";
import { planAndRun } from "../plan-and-run.ts";
import { withFlow, withRunOutput } from "../run-flow.ts";
import { type AskedOptions, addRunOptions, completeOptions, readRunOptions } from "../run-options.ts";
import type { RunResult } from "../run-result.ts";
import type { Session } from "../session.ts";
import { addSideOptions } from "../sides.ts";
import { type ImageTarget, parseImageTarget } from "../target.ts";
import { openTwoSides, readTwoSides, resumeWords, type TwoSides } from "../two-sides.ts";
import { usageError } from "../usage-error.ts";
import { type CommandContext, examples, readOutput } from "./command-context.ts";

export function addCopy(program: Command, context: CommandContext): void {
  const command = program
    .command("copy")
    .description("copy one image")
    .argument("<source>", "host/repository[:tag|@digest] or oci:DIR[:tag]")
    .argument(
      "<destination>",
      "host/repository[:tag] or oci:DIR[:tag]; the tag is the source's own by default",
    );
  addRunOptions(command);
  addSideOptions(command, "source");
  addSideOptions(command, "destination");
  command.addHelpText(
    "after",
    examples(
      "copy localhost:5000/team/app:v1 localhost:5001/team/app",
      "copy registry.example.com/team/app:v1 oci:./backup:v1",
    ),
  );
  command.action(async (source: string, destination: string) => {
    const values = command.optsWithGlobals();
    const sides = readTwoSides(values);
    const options = readRunOptions(values);
    const output = readOutput(context, values);
    const code = await withRunOutput(output, (session) =>
      withFlow(session, output, resumeWords(sides), async (flow): Promise<RunResult> => {
        const spec = await copySpec(session, { source, destination, sides, options });
        return planAndRun(flow, spec, values.dryRun === true);
      }),
    );
    context.finish(code);
  });
}

interface CopyRequest {
  readonly source: string;
  readonly destination: string;
  readonly sides: TwoSides;
  readonly options: AskedOptions;
}

async function copySpec(session: Session, request: CopyRequest): Promise<JobSpec> {
  const saved = await savedEndpoints(session);
  const from = parseImageTarget(request.source, saved.names);
  const to = parseImageTarget(request.destination, saved.names);
  const reference = from.digest ?? from.tag ?? "latest";
  const destinationTag = tagAtDestination(from, to, request.destination);
  const { source, destination } = await openTwoSides(session, {
    sides: request.sides,
    saved,
    source: from.target,
    destination: to.target,
  });
  const repository = await sourceRepository(session, source.id, from);
  return {
    sourceId: source.id,
    destinationId: destination.id,
    selection: [
      {
        kind: "image",
        repository,
        reference,
        destinationRepository: destinationRepository(to),
        ...(destinationTag === undefined ? {} : { destinationTag }),
      },
    ],
    mapping: { kind: "keep" },
    renameTags: null,
    options: completeOptions(request.options, session.file?.defaults ?? {}),
  };
}

/** The destination's own tag, else the source's; none for an image that is named by its digest alone. */
function tagAtDestination(from: ImageTarget, to: ImageTarget, typed: string): string | undefined {
  if (to.digest !== undefined && to.digest !== from.digest) {
    throw usageError(`"${typed}" ends in a digest; a destination takes a tag, or the digest of the source.`);
  }
  if (to.tag !== undefined) return to.tag;
  return from.digest === undefined ? (from.tag ?? "latest") : from.tag;
}
