// `verify A B`: reads both sides again and compares them down to the blobs; 5 where they differ.
import type { Command } from "commander";
import { formatBytes } from "../../../shared/units.ts";
import { savedEndpoints } from "../endpoints.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { destinationRepository, sourceRepository } from "../layout-repository.ts";
import { printJson, printLine, printLines, readGlobals, type Session, withSession } from "../session.ts";
import { addSideOptions } from "../sides.ts";
import { parseImageTarget } from "../target.ts";
import { openTwoSides, readTwoSides, type TwoSides } from "../two-sides.ts";
import { type CommandContext, examples } from "./command-context.ts";

export function addVerify(program: Command, context: CommandContext): void {
  const command = program
    .command("verify")
    .description("read two images again and compare them down to the blobs")
    .argument("<source>", "host/repository[:tag|@digest] or oci:DIR[:tag]")
    .argument("<destination>", "the image that must be equal; the tag is the source's own by default");
  addSideOptions(command, "source");
  addSideOptions(command, "destination");
  command.addHelpText("after", examples("verify localhost:5000/team/app:v1 localhost:5001/team/app:v1"));
  command.action(async (source: string, destination: string) => {
    const values = command.optsWithGlobals();
    const sides = readTwoSides(values);
    const verifyBoth = (session: Session): Promise<ExitCode> =>
      verify(session, { source, destination, sides });
    context.finish(await withSession(context.io, readGlobals(values), verifyBoth));
  });
}

interface VerifyRequest {
  readonly source: string;
  readonly destination: string;
  readonly sides: TwoSides;
}

async function verify(session: Session, request: VerifyRequest): Promise<ExitCode> {
  const { client, io, globals, stop } = session;
  const saved = await savedEndpoints(session);
  const from = parseImageTarget(request.source, saved.names);
  const to = parseImageTarget(request.destination, saved.names);
  const ends = await openTwoSides(session, {
    sides: request.sides,
    saved,
    source: from.target,
    destination: to.target,
  });
  const reference = from.digest ?? from.tag ?? "latest";
  const result = await client.call(
    "image.verify",
    {
      source: {
        endpointId: ends.source.id,
        repository: await sourceRepository(session, ends.source.id, from),
        reference,
      },
      destination: {
        endpointId: ends.destination.id,
        repository: destinationRepository(to),
        reference: to.digest ?? to.tag ?? reference,
      },
    },
    stop,
  );
  if (globals.json) {
    printJson(io, {
      equal: result.equal,
      source_digest: result.sourceDigest,
      destination_digest: result.destinationDigest,
      manifests: result.manifests,
      blobs: result.blobs,
      bytes: result.bytes,
      differences: result.differences,
    });
  } else if (result.equal) {
    const checked = `${result.manifests} manifests, ${result.blobs} blobs, ${formatBytes(result.bytes)}`;
    printLine(io, `Equal: ${result.sourceDigest} (${checked} read and compared).`);
  } else {
    printLine(
      io,
      `Different: source ${result.sourceDigest}, destination ${result.destinationDigest ?? "nothing"}.`,
    );
    printLines(
      io,
      result.differences.map((difference) => `  ${difference.what}: ${difference.text}`),
    );
  }
  return result.equal ? exitCodes.done : exitCodes.verification;
}
