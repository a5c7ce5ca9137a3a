// `login REG`: tries a user name and password, and saves them where they are safe.
import type { Command } from "commander";
import type { CheckStep, CredentialInput, Endpoint } from "../../../shared/endpoint.ts";
import { fromWire } from "../../../shared/errors.ts";
import { credentialDocument } from "../credential-text.ts";
import { dockerConfigOption, keepWithDocker, readDockerConfig } from "../docker-login.ts";
import { exitCodes } from "../exit-code.ts";
import { textOf, type Values } from "../option-values.ts";
import { ownEndpoint, type SavedRegistry } from "../own-endpoint.ts";
import { printJson, printLine, printNote, readGlobals, type Session, withSession } from "../session.ts";
import { addSideOptions, readPasswords } from "../sides.ts";
import { usageError } from "../usage-error.ts";
import { assertPlace, openPlace } from "../vault.ts";
import { type CommandContext, examples } from "./command-context.ts";

export function addLogin(program: Command, context: CommandContext): void {
  const command = program
    .command("login")
    .description(
      "sign in at a registry and save it: in the keychain of the system, or in a vault with a passphrase; asks for what is not given",
    )
    .argument("<registry>", "host[:port], a URL or a saved name")
    .option("--name <name>", "the name to save it under; for a second sign-in at the same host")
    .option("--vault", "make a vault where there is no place for passwords yet")
    .option(
      dockerConfigOption,
      "keep it where docker login does instead: with docker's credential helper, or unencrypted in its config.json",
    );
  addSideOptions(command, "only", "-u");
  command.addHelpText(
    "after",
    examples(
      "login registry.example.com",
      "login registry.example.com -u robot --password-stdin < password.txt",
      "login registry.example.com --name second-account --vault",
      "login registry.example.com --docker-config",
    ),
  );
  command.action(async (text: string) => {
    const values = command.optsWithGlobals();
    context.finish(
      await withSession(context.io, readGlobals(values), (session) => login(session, text, values)),
    );
  });
}

async function login(session: Session, text: string, values: Values): Promise<typeof exitCodes.done> {
  const { client, globals, io, stop } = session;
  const withDocker = readDockerConfig(values);
  const place = await ownEndpoint(session, text, { ...values, newName: textOf(values, "name") });
  if (withDocker) return loginWithDocker(session, place, values);
  const makesVault = values.vault === true;
  await assertPlace(session, makesVault);
  const credential = await askFor(session, place, values);
  const steps = await tried(session, place, credential);
  await openPlace(session, makesVault);
  const endpoint = await save(session, place, credential);
  const published = await client.call("endpoints.list", {}, stop);
  const kept = published.endpoints.find(({ id }) => id === endpoint.id) ?? endpoint;
  if (globals.json)
    printJson(io, { registry: place.settings.host, name: kept.name, credential: credentialDocument(kept) });
  else {
    const where = kept.credential.place ?? "";
    printLine(
      io,
      `Signed in at ${place.settings.host} as "${credential.username}"; the password lies in ${where}.`,
    );
    const signIn = steps.find(({ name }) => name === "sign-in");
    if (signIn?.text.includes("asks for no sign-in")) printNote(io, signIn.text);
  }
  return exitCodes.done;
}

async function loginWithDocker(
  session: Session,
  place: SavedRegistry,
  values: Values,
): Promise<typeof exitCodes.done> {
  const credential = await askFor(session, place, values);
  await tried(session, place, credential);
  await keepWithDocker(session, place, credential);
  return exitCodes.done;
}

async function askFor({ io, stop }: Session, place: SavedRegistry, values: Values): Promise<CredentialInput> {
  const given = textOf(values, "username");
  const { ask } = io;
  if (values.passwordStdin === true) {
    if (given === undefined)
      throw usageError("--password-stdin wants --username beside it; a password alone signs nobody in.");
    return { username: given, password: spoken((await readPasswords(io.stdin, ["only"])).get("only") ?? "") };
  }
  if (ask === undefined)
    throw usageError(
      "There is no terminal to ask at; give --username and --password-stdin. A password never stands on a command line.",
    );
  const username =
    given ?? (await ask({ text: `User name at ${place.settings.host}: `, secret: false, signal: stop }));
  if (username.trim() === "") throw usageError("A user name is expected.");
  return {
    username,
    password: spoken(await ask({ text: `Password of ${username}: `, secret: true, signal: stop })),
  };
}

/** Blanks are no password. */
function spoken(password: string): string {
  if (password.trim() !== "") return password;
  throw usageError("A password is expected.");
}

/** What does not let anyone in is not saved. @throws the error of the step that failed. */
async function tried(
  { client, stop }: Session,
  { settings, endpoint }: SavedRegistry,
  credential: CredentialInput,
): Promise<readonly CheckStep[]> {
  const asked = { settings, credential, ...(endpoint === undefined ? {} : { id: endpoint.id }) };
  const { steps } = await client.call("endpoints.try", asked, stop);
  const until = steps.findIndex(({ name }) => name === "sign-in");
  const failed = steps.slice(0, until + 1).find(({ outcome }) => outcome === "failed");
  if (failed?.error !== undefined) throw fromWire(failed.error);
  return steps;
}

function save(
  { client, stop }: Session,
  { settings, endpoint, name }: SavedRegistry,
  credential: CredentialInput,
): Promise<Endpoint> {
  if (endpoint !== undefined)
    return client.call("endpoints.signIn", { id: endpoint.id, credential, remember: true }, stop);
  const added = { settings, credential, remember: true, ...(name === undefined ? {} : { name }) };
  return client.call("endpoints.add", added, stop);
}
