// Where saved passwords lie and whether they can be read now, as the engine says; and the dialogs about it.
import { create } from "zustand";
import type { MethodInput } from "../../shared/contract.ts";
import type { SecretPlace, SecretsStatus } from "../../shared/secrets.ts";
import { call } from "../api/client.ts";
import { onGap, onLive } from "../api/live.ts";
import { showError, showToast } from "../components/toast.tsx";
import { secretsText, type VaultDialogKind } from "../text/secrets.ts";

export const useSecrets = create<{ readonly status: SecretsStatus | undefined }>(() => ({
  status: undefined,
}));

export async function loadSecrets(): Promise<void> {
  // Best effort: the next event brings it.
  const status = await call("secrets.status", {}).catch(() => undefined);
  if (status !== undefined) rememberSecrets(status);
}

function rememberSecrets(status: SecretsStatus): void {
  useSecrets.setState({ status });
}

interface VaultDialog {
  readonly kind: VaultDialogKind;
  /** Called when it did what it is for. */
  readonly onDone?: (() => void) | undefined;
}

export const useVaultDialog = create<{ readonly open: VaultDialog | undefined }>(() => ({ open: undefined }));

export function openVaultDialog(kind: VaultDialogKind, onDone?: () => void): void {
  useVaultDialog.setState({ open: { kind, onDone } });
}

export function closeVaultDialog(): void {
  useVaultDialog.setState({ open: undefined });
}

/** Asks for the passphrase; `onUnlocked` goes on with what needed it. */
export function openUnlock(onUnlocked?: () => void): void {
  openVaultDialog("unlock", onUnlocked);
}

/** @throws FreightlinerError `unauthorized` for a wrong passphrase. */
export async function unlockVault(passphrase: string): Promise<void> {
  rememberSecrets(await call("secrets.unlock", { passphrase }));
}

/** @throws FreightlinerError; then nothing has changed. */
export async function chooseSecrets(choice: MethodInput<"secrets.choose">): Promise<void> {
  rememberSecrets(await call("secrets.choose", choice));
  showToast({ title: secretsText.chosen(choice.place), tone: "ok" });
}

/** @throws FreightlinerError `unauthorized` for a wrong passphrase. */
export async function changePassphrase(passphrase: string, next: string): Promise<void> {
  rememberSecrets(await call("secrets.changePassphrase", { passphrase, next }));
  showToast({ title: secretsText.changed, tone: "ok" });
}

export async function lockVault(): Promise<void> {
  try {
    rememberSecrets(await call("secrets.lock", {}));
  } catch (thrown) {
    showError(secretsText.notLocked, thrown);
  }
}

export async function lockAfter(minutes: number | null): Promise<void> {
  try {
    rememberSecrets(await call("secrets.lockAfter", { minutes }));
  } catch (thrown) {
    showError(secretsText.lockAfter, thrown);
  }
}

/** A place that needs nothing more is taken at once; the others ask first. */
export function askForPlace(place: SecretPlace): void {
  const { status } = useSecrets.getState();
  if (status === undefined || status.place === place) return;
  if (place === "vault") openVaultDialog(status.vaultExists ? "open" : "make");
  else if (place === "clear") openVaultDialog("clear");
  else void chooseSecrets({ place }).catch((thrown: unknown) => showError(secretsText.notChosen, thrown));
}

onLive("secrets.changed", rememberSecrets);
onGap(() => void loadSecrets());
