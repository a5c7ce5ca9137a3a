// `verify A B`: reads both sides again and compares them down to the blobs; 5 where anything differs.
import type { Command } from "commander";
import type { TagRule } from "../../../shared/selection.ts";
import { savedEndpoints } from "../endpoints.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { imagePair } from "../image-pair.ts";
import { addMappingOptions, readMapping } from "../mapping-options.ts";
import { type Values, wholeNumber } from "../option-values.ts";
import { pairOf, parsePlace } from "../places.ts";
import { addRepositoryOptions, readRepositoryRule } from "../repository-options.ts";
import type { PairRule, Sides } from "../repository-pairs.ts";
import { printJson, readGlobals, type Session, withSession } from "../session.ts";
import { addSideOptions } from "../sides.ts";
import { addTagOptions, hasTagOptions, readTagRule } from "../tag-options.ts";
import type { ImageTarget } from "../target.ts";
import { openTwoSides, readTwoSides, type TwoSides } from "../two-sides.ts";
import { printVerified, verifyDocument, verifyMany } from "../verify-many.ts";
import { type CommandContext, examples } from "./command-context.ts";

export function addVerify(program: Command, context: CommandContext): void {
  const command = program
    .command("verify")
    .description(
      "read images on both sides again and compare them down to the blobs; exit code 5 where they differ",
    )
    .argument("<source>", "host/repository:tag, host/repository or host[:port]; oci:DIR[:tag]; a saved name")
    .argument("<destination>", "what must be equal; of an image, the tag is the source's own by default")
    .option("--workers <number>", "images read at once", wholeNumber(1, 64), 4);
  addRepositoryOptions(command);
  addTagOptions(command);
  addMappingOptions(command);
  addSideOptions(command, "source");
  addSideOptions(command, "destination");
  command.addHelpText(
    "after",
    examples(
      "verify localhost:5000/team/app:v1 localhost:5001/team/app:v1",
      "verify localhost:5000/team/app localhost:5001/team/app --semver '>=1.0.0'",
      "verify localhost:5000 localhost:5001 --repository-pattern 'team/**'",
    ),
  );
  command.action(async (source: string, destination: string) => {
    const values: Values = command.optsWithGlobals();
    const request: VerifyRequest = {
      ...{ source, destination },
      sides: readTwoSides(values),
      rule: { repositories: readRepositoryRule(values), mapping: readMapping(values) },
      tags: hasTagOptions(values) ? readTagRule(values) : undefined,
      workers: Number(values.workers),
    };
    context.finish(await withSession(context.io, readGlobals(values), (session) => verify(session, request)));
  });
}

interface VerifyRequest {
  readonly source: string;
  readonly destination: string;
  readonly sides: TwoSides;
  readonly rule: PairRule;
  readonly tags: TagRule | undefined;
  readonly workers: number;
}

async function verify(session: Session, request: VerifyRequest): Promise<ExitCode> {
  const saved = await savedEndpoints(session);
  const a = parsePlace(request.source, saved.names);
  const b = parsePlace(request.destination, saved.names);
  const pair = pairOf(a, b);
  const ends = await openTwoSides(session, {
    sides: request.sides,
    saved,
    source: a.target,
    destination: b.target,
  });
  const sides: Sides = { ...ends, sourceTarget: a.target, destinationTarget: b.target };
  if (pair.level === "image") return verifyOne(session, sides, pair.source, pair.destination);
  return verifyMany(session, sides, { ...request, pair });
}

async function verifyOne(
  session: Session,
  sides: Sides,
  source: ImageTarget,
  destination: ImageTarget,
): Promise<ExitCode> {
  const pair = await imagePair(session, sides, source, destination);
  const result = await session.client.call("image.verify", pair, session.stop);
  if (session.globals.json) printJson(session.io, verifyDocument(result));
  else printVerified(session.io, result);
  return result.equal ? exitCodes.done : exitCodes.verification;
}
