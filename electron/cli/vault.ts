// The place of saved sign-ins on a command line: a locked vault is opened, and one is made where that was asked for.
import { FreightlinerError } from "../../shared/errors.ts";
import { shortestPassphrase } from "../../shared/secrets.ts";
import { printNote, type Session } from "./session.ts";
import { usageError } from "./usage-error.ts";

const howToKeep =
  "Add --vault to keep it in a vault with a passphrase (asked for, or from --vault-passphrase-file), leave it where docker login does with --docker-config, or where docker login, podman login or the variables FREIGHTLINER_USERNAME_… and FREIGHTLINER_PASSWORD_… have it: Freightliner reads those.";

/**
 * Before anything is asked for: whether a sign-in can be kept here at all.
 * @throws FreightlinerError `configuration` where it cannot, with what can be done.
 */
export async function assertPlace({ client, stop }: Session, makesVault: boolean): Promise<void> {
  const { place, problem } = await client.call("secrets.status", {}, stop);
  if (problem === null && (place !== "memory" || makesVault)) return;
  throw new FreightlinerError({
    code: "configuration",
    operation: "save-credential",
    message:
      problem ??
      `A sign-in cannot be kept here: saved passwords would lie in memory only, and be gone with this command. ${howToKeep}`,
  });
}

/** Opens the vault, or makes one. @throws FreightlinerError `locked`, `unauthorized` for a wrong passphrase, `usage` for a short one. */
export async function openPlace(session: Session, makesVault: boolean): Promise<void> {
  const { client, config, stop } = session;
  const { locked, place, vaultExists } = await client.call("secrets.status", {}, stop);
  if (locked) return unlock(session);
  if (place !== "memory" || !makesVault) return;
  const passphrase =
    config.vaultPassphrase === undefined ? await newPassphrase(session, vaultExists) : undefined;
  await client.call("secrets.choose", { place: "vault", passphrase }, stop);
}

/** Commands that find a sign-in behind a lock ask for the passphrase where somebody can type it. */
export async function unlockAtTerminal(session: Session): Promise<void> {
  if (session.io.ask === undefined) return;
  const { locked, place } = await session.client.call("secrets.status", {}, session.stop);
  if (locked && place === "vault") await unlock(session);
}

/** The same for a run or a job that is known by its endpoints. */
export async function unlockFor(session: Session, endpointIds: readonly string[]): Promise<void> {
  if (session.io.ask === undefined) return;
  const all = { includeTemporary: true };
  const { endpoints } = await session.client.call("endpoints.list", all, session.stop);
  const saved = endpoints.filter(({ credential }) => credential.source === "saved");
  if (saved.some(({ id }) => endpointIds.includes(id))) await unlockAtTerminal(session);
}

async function unlock(session: Session): Promise<void> {
  // The place opens itself with a passphrase that stands somewhere.
  if (session.config.vaultPassphrase !== undefined) return;
  const passphrase = await ask(session, "Passphrase of the vault: ");
  await session.client.call("secrets.unlock", { passphrase }, session.stop);
}

async function newPassphrase(session: Session, exists: boolean): Promise<string> {
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
