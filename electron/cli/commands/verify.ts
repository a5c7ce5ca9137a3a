// `verify A B`: reads both sides again and compares them down to the blobs; 5 where anything differs.
import type { Command } from "commander";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { imagePair } from "../image-pair.ts";
import { type Values, wholeNumber } from "../option-values.ts";
import { addPairOptions, openPair, type PairRequest, readPairRequest } from "../pair-request.ts";
import type { Pair } from "../places.ts";
import type { Sides } from "../repository-pairs.ts";
import { printJson, readGlobals, type Session, withSession } from "../session.ts";
import { printVerified, type VerifyOptions, verifyDocument, verifyMany } from "../verify-many.ts";
import { type CommandContext, examples } from "./command-context.ts";

export function addVerify(program: Command, context: CommandContext): void {
  const command = program
    .command("verify")
    .description(
      "read images on both sides again and compare them down to the blobs; exit code 5 where they differ",
    )
    .argument("<source>", "host/repository:tag, host/repository or host[:port]; oci:DIR[:tag]; a saved name")
    .argument("<destination>", "what must be equal; of an image, the tag is the source's own by default")
    .option("--workers <number>", "images read at once", wholeNumber(1, 64), 4)
    .option("--no-attachments", "compare no signatures, SBOMs and other referrers");
  addPairOptions(command);
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
      ...readPairRequest(values, source, destination),
      workers: Number(values.workers),
      attachments: values.attachments !== false,
    };
    context.finish(await withSession(context.io, readGlobals(values), (session) => verify(session, request)));
  });
}

type VerifyRequest = PairRequest & VerifyOptions;

async function verify(session: Session, request: VerifyRequest): Promise<ExitCode> {
  const { pair, sides } = await openPair(session, request);
  if (pair.level === "image") return verifyOne(session, sides, pair, request);
  return verifyMany(session, sides, { ...request, pair });
}

async function verifyOne(
  session: Session,
  sides: Sides,
  { source, destination }: Extract<Pair, { readonly level: "image" }>,
  { attachments }: VerifyOptions,
): Promise<ExitCode> {
  const pair = await imagePair(session, sides, source, destination);
  const result = await session.client.call("image.verify", { ...pair, attachments }, session.stop);
  if (session.globals.json) printJson(session.io, verifyDocument(result));
  else printVerified(session.io, result);
  return result.equal ? exitCodes.done : exitCodes.verification;
}
