// `delete IMAGE`: removes a tag, or a digest with every tag that points at it.
import type { Command } from "commander";
import { FreightlinerError } from "../../../shared/errors.ts";
import { savedEndpoints } from "../endpoints.ts";
import { exitCodes } from "../exit-code.ts";
import { sourceRepository } from "../layout-repository.ts";
import { nameAt } from "../repository-pairs.ts";
import { printJson, printLine, readGlobals, type Session, withSession } from "../session.ts";
import { addSideOptions, readSideOptions, type SideOptions } from "../sides.ts";
import { parseImageTarget } from "../target.ts";
import { usageError } from "../usage-error.ts";
import { type CommandContext, examples } from "./command-context.ts";
import { openOneSide } from "./one-side.ts";

export function addDelete(program: Command, context: CommandContext): void {
  const command = program
    .command("delete")
    .description("remove a tag, or a digest with every tag that points at it")
    .argument("<image>", "host/repository:tag or host/repository@digest; oci:DIR:tag")
    .option("--yes", "really delete");
  addSideOptions(command, "only");
  command.addHelpText("after", examples("delete localhost:5000/team/app:old --yes"));
  command.action(async (text: string) => {
    const values = command.optsWithGlobals();
    const options = readSideOptions(values, "only");
    const sure = values.yes === true;
    await withSession(context.io, readGlobals(values), (session) =>
      deleteImage(session, { text, options, sure }),
    );
    context.finish(exitCodes.done);
  });
}

interface DeleteRequest {
  readonly text: string;
  readonly options: SideOptions;
  readonly sure: boolean;
}

async function deleteImage(session: Session, { text, options, sure }: DeleteRequest): Promise<void> {
  const { client, io, globals, stop } = session;
  const saved = await savedEndpoints(session);
  const image = parseImageTarget(text, saved.names);
  const reference = image.digest ?? image.tag;
  if (reference === undefined)
    throw usageError(`"${text}" names no tag and no digest; expected one of them.`);
  if (!sure) throw usageError(`This deletes "${text}"; say --yes to do it.`);
  const endpoint = await openOneSide(session, { target: image.target, options, saved });
  const repository = await sourceRepository(session, endpoint.id, image);
  const request = { endpointId: endpoint.id, repository, reference };
  try {
    await client.call("image.delete", request, stop);
  } catch (thrown) {
    throw await withDigest(session, request, thrown);
  }
  const name = nameAt(endpoint, repository, reference);
  if (globals.json) printJson(io, { image: name, deleted: true });
  else printLine(io, `Deleted ${name}.`);
}

/** Many registries delete digests only: what the tag points at is told, so that a person can decide to. */
async function withDigest(
  { client, stop }: Session,
  request: { readonly endpointId: string; readonly repository: string; readonly reference: string },
  thrown: unknown,
): Promise<unknown> {
  const tag = request.reference;
  if (!(thrown instanceof FreightlinerError) || thrown.code !== "unsupported" || tag.includes(":"))
    return thrown;
  const { endpointId, repository } = request;
  const { details } = await client.call("tags.describe", { endpointId, repository, tags: [tag] }, stop);
  const digest = details[0]?.digest;
  if (digest === undefined || digest === null) return thrown;
  return new FreightlinerError({
    code: thrown.code,
    side: thrown.side,
    operation: thrown.operation,
    message: `${thrown.message} The tag points at ${repository}@${digest}: deleting that instead takes every tag with it that points there too.`,
    cause: thrown.cause,
  });
}
