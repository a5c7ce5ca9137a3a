// `logout REG`: forgets what was saved for a registry; what other programs keep is theirs.
import type { Command } from "commander";
import { credentialDocument } from "../credential-text.ts";
import { dockerConfigOption, forgetWithDocker, readDockerConfig } from "../docker-login.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import type { Values } from "../option-values.ts";
import { ownEndpoint } from "../own-endpoint.ts";
import { printJson, printLine, printNote, readGlobals, type Session, withSession } from "../session.ts";
import { type CommandContext, examples } from "./command-context.ts";

export function addLogout(program: Command, context: CommandContext): void {
  const command = program
    .command("logout")
    .description("forget the sign-in that was saved for a registry; the registry itself stays in the list")
    .argument("<registry>", "host[:port], a URL or a saved name")
    .option(dockerConfigOption, "forget the one in docker's configuration instead, as docker logout does");
  command.addHelpText(
    "after",
    examples("logout registry.example.com", "logout registry.example.com --docker-config"),
  );
  command.action(async (text: string) => {
    const values = command.optsWithGlobals();
    context.finish(
      await withSession(context.io, readGlobals(values), (session) => logout(session, text, values)),
    );
  });
}

async function logout(session: Session, text: string, values: Values): Promise<ExitCode> {
  const { client, globals, io, stop } = session;
  const withDocker = readDockerConfig(values);
  const place = await ownEndpoint(session, text, values);
  if (withDocker) {
    await forgetWithDocker(session, place);
    return exitCodes.done;
  }
  const { endpoint, settings } = place;
  const { host } = settings;
  const saved = endpoint?.credential.source === "saved";
  const after =
    saved && endpoint !== undefined
      ? await client.call("endpoints.signIn", { id: endpoint.id, credential: null }, stop)
      : endpoint;
  if (globals.json) {
    const credential = after === undefined ? null : credentialDocument(after);
    printJson(io, { registry: host, forgotten: saved, credential });
    return exitCodes.done;
  }
  if (saved) printLine(io, `The sign-in at ${host} is forgotten.`);
  else printNote(io, `No sign-in at ${host} was saved.`);
  const rest = after?.credential;
  if (rest !== undefined && rest.source !== "none")
    printNote(io, `${host} is still signed in to by other means: ${rest.place ?? rest.source}.`);
  return exitCodes.done;
}
