// The place of saved sign-ins on a command line: a locked vault is opened, and one is made where that was asked for.
import { readFile, stat } from "node:fs/promises";
import { FreightlinerError } from "../../shared/errors.ts";
import { type SecretsStatus, shortestPassphrase } from "../../shared/secrets.ts";
import { printNote, type Session } from "./session.ts";
import { usageError } from "./usage-error.ts";

export interface VaultOptions {
  /** Makes a vault where there is none. */
  readonly vault: boolean;
  /** A file that holds the passphrase. */
  readonly passphraseFile: string | undefined;
}

/** Bytes. */
const largestPassphraseFile = 4096;

const howToKeep =
  "Add --vault to keep it in a vault with a passphrase (also from --vault-passphrase-file, or FREIGHTLINER_VAULT_PASSPHRASE_FILE), or leave it where docker login, podman login or the variables FREIGHTLINER_USERNAME_… and FREIGHTLINER_PASSWORD_… have it: Freightliner reads those.";

/**
 * Makes sure that a sign-in can be saved.
 * @throws FreightlinerError `configuration` where this machine keeps none, `locked`, `unauthorized` for a wrong passphrase.
 */
export async function openPlaceToSave(session: Session, options: VaultOptions): Promise<SecretsStatus> {
  const { client, stop } = session;
  const status = await client.call("secrets.status", {}, stop);
  if (status.problem !== null)
    throw new FreightlinerError({
      code: "configuration",
      operation: "save-credential",
      message: status.problem,
    });
  if (status.locked) return unlock(session, options);
  if (status.place !== "memory") return status;
  if (!options.vault)
    throw new FreightlinerError({
      code: "configuration",
      operation: "save-credential",
      message: `A sign-in cannot be kept here: saved passwords would lie in memory only, and be gone with this command. ${howToKeep}`,
    });
  const passphrase = await newPassphrase(session, options, status.vaultExists);
  return client.call("secrets.choose", { place: "vault", passphrase }, stop);
}

/** Opens a locked vault with what was given, else by asking. @throws as `openPlaceToSave`. */
export async function unlock(session: Session, options: VaultOptions): Promise<SecretsStatus> {
  const passphrase = (await passphraseOf(options)) ?? (await ask(session, "Passphrase of the vault: "));
  return session.client.call("secrets.unlock", { passphrase }, session.stop);
}

/** Commands that find a sign-in behind a lock ask for the passphrase where somebody can type it. */
export async function unlockAtTerminal(session: Session): Promise<void> {
  const { client, stop, io } = session;
  if (io.ask === undefined) return;
  const { locked, place } = await client.call("secrets.status", {}, stop);
  if (locked && place === "vault") await unlock(session, { vault: false, passphraseFile: undefined });
}

async function newPassphrase(session: Session, options: VaultOptions, exists: boolean): Promise<string> {
  const given = await passphraseOf(options);
  if (given !== undefined) return given;
  if (exists) return ask(session, "Passphrase of the vault: ");
  printNote(
    session.io,
    `A vault is made; whoever loses its passphrase signs in anew everywhere. At least ${shortestPassphrase} characters.`,
  );
  const passphrase = await ask(session, "New passphrase: ");
  if (passphrase === (await ask(session, "The same again: "))) return passphrase;
  throw usageError("The two passphrases are not the same.");
}

async function ask({ io, stop }: Session, text: string): Promise<string> {
  if (io.ask !== undefined) return io.ask({ text, secret: true, signal: stop });
  throw new FreightlinerError({
    code: "locked",
    operation: "unlock-vault",
    message:
      "The vault wants its passphrase, and there is no terminal to ask at: name a file with --vault-passphrase-file or FREIGHTLINER_VAULT_PASSPHRASE_FILE.",
  });
}

async function passphraseOf({ passphraseFile: file }: VaultOptions): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const refuse = (what: string): FreightlinerError =>
    usageError(`${file} ${what}; expected a file with the vault's passphrase in its first line.`);
  let text: string;
  try {
    if ((await stat(file)).size > largestPassphraseFile) throw refuse("is too large");
    text = await readFile(file, "utf8");
  } catch (thrown) {
    if (thrown instanceof FreightlinerError) throw thrown;
    throw refuse("cannot be read");
  }
  const passphrase = text.split(/\r?\n/, 1)[0] ?? "";
  if (passphrase === "") throw refuse("is empty");
  return passphrase;
}
