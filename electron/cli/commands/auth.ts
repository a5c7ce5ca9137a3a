// `auth test REG`: goes from the host's name to the right to push, and says of each step how it went.
import type { Command } from "commander";
import type { CheckStep, Endpoint } from "../../../shared/endpoint.ts";
import { isRepositoryName } from "../../../shared/reference.ts";
import { credentialDocument, credentialLine } from "../credential-text.ts";
import { savedEndpoints } from "../endpoints.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "../exit-code.ts";
import { textOf, type Values } from "../option-values.ts";
import { printJson, printLine, printLines, readGlobals, type Session, withSession } from "../session.ts";
import { addSideOptions, readSideOptions } from "../sides.ts";
import { tableLines } from "../table.ts";
import { parseTarget } from "../target.ts";
import { usageError } from "../usage-error.ts";
import { type CommandContext, examples } from "./command-context.ts";
import { openOneSide } from "./one-side.ts";

export function addAuth(program: Command, context: CommandContext): void {
  const auth = program.command("auth").description("what a sign-in at a registry may do");
  const command = auth
    .command("test")
    .description(
      "try the way to a registry step by step: name, connection, sign-in, pull, push; changes nothing there",
    )
    .argument("<registry>", "host[:port], a URL or a saved name")
    .option(
      "--repository <name>",
      "look at the rights in this repository (default: the first that is listed)",
    );
  command
    .option("--probe", "also find out what the registry can do: mounts, chunks, attachments and more")
    .option("--write", "with --probe: push a small image to --repository, and delete it again");
  addSideOptions(command, "only");
  command.addHelpText(
    "after",
    examples("auth test registry.example.com", "auth test registry.example.com --repository team/app --json"),
  );
  command.action(async (text: string) => {
    const values = command.optsWithGlobals();
    context.finish(
      await withSession(context.io, readGlobals(values), (session) => test(session, text, values)),
    );
  });
}

const marks: Readonly<Record<CheckStep["outcome"], string>> = {
  passed: "ok",
  failed: "FAILED",
  warning: "warning",
  skipped: "skipped",
};

async function test(session: Session, text: string, values: Values): Promise<ExitCode> {
  const { client, globals, io, stop } = session;
  const repository = textOf(values, "repository");
  if (repository !== undefined && !isRepositoryName(repository))
    throw usageError(`"${repository.slice(0, 300)}" is not a repository; expected a name like team/app.`);
  const probes = values.probe === true;
  if (values.write === true && !probes) throw usageError("--write belongs to --probe.");
  if (values.write === true && repository === undefined)
    throw usageError("--write wants --repository: the name of one that may be written to.");
  const options = readSideOptions(values, "only");
  const saved = await savedEndpoints(session);
  const opened = await openOneSide(session, { target: parseTarget(text, saved.names), options, saved });
  if (opened.settings.kind !== "registry")
    throw usageError(`"${text}" is no registry; a folder or an archive has no sign-in.`);
  const asked = { id: opened.id, ...(repository === undefined ? {} : { repository }) };
  const checked = await client.call("endpoints.check", asked, stop);
  const code = exitOf(checked.health.steps);
  // Of a registry that lets nobody in there is nothing to find out.
  const seen =
    probes && code === exitCodes.done
      ? await client.call("endpoints.probe", { ...asked, write: values.write === true }, stop)
      : checked;
  if (globals.json) printJson(io, document(seen, repository));
  else print(session, seen);
  return code;
}

function print({ io }: Session, { credential, health, capabilities }: Endpoint): void {
  const rows = health.steps.map(({ name, outcome, text }) => [name, marks[outcome], text]);
  printLines(io, tableLines([{ title: "STEP" }, { title: "RESULT" }, { title: "DETAIL" }], rows));
  printLine(io, credentialLine(credential));
  if (capabilities === null) return;
  printLine(io, `What it was found to do on ${new Date(capabilities.probedAt).toISOString().slice(0, 10)}:`);
  const known = capabilities.capabilities.map(({ name, answer, text }) => [name, answer, text]);
  printLines(io, tableLines([{ title: "WHAT" }, { title: "ANSWER" }, { title: "DETAIL" }], known));
}

function document(endpoint: Endpoint, repository: string | undefined): object {
  const { settings, health, capabilities } = endpoint;
  return {
    registry: settings.kind === "registry" ? settings.host : null,
    repository: repository ?? null,
    ok: health.steps.every(({ outcome }) => outcome !== "failed"),
    credential: credentialDocument(endpoint),
    steps: health.steps.map(({ name, outcome, text, error }) => ({
      name,
      outcome,
      text,
      ...(error === undefined ? {} : { code: error.code }),
    })),
    capabilities:
      capabilities === null
        ? null
        : { probed_at: new Date(capabilities.probedAt).toISOString(), answers: capabilities.capabilities },
  };
}

/** The first step that failed decides. */
function exitOf(steps: readonly CheckStep[]): ExitCode {
  const failed = steps.find(({ outcome }) => outcome === "failed");
  if (failed === undefined) return exitCodes.done;
  return failed.error === undefined ? exitCodes.someFailed : exitCodeOf(failed.error.code);
}
