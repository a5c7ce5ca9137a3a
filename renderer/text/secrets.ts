// Words about the place where passwords are kept: the keychain, the vault, memory, or in clear.
import { assertNever } from "../../shared/assert-never.ts";
import { type SecretPlace, shortestPassphrase } from "../../shared/secrets.ts";
import { plural } from "./common.ts";

const places: Readonly<Record<SecretPlace, string>> = {
  keychain: "Keychain of the operating system",
  vault: "Vault with a passphrase",
  memory: "Memory only",
  clear: "A file that is not encrypted",
};

const placeHints: Readonly<Record<SecretPlace, string>> = {
  keychain: "Encrypted for your account. Nothing is asked while you are signed in to this computer.",
  vault:
    "One file, encrypted with your passphrase. It is asked for after each start, and after a while without use.",
  memory: "Passwords are gone when Freightliner ends, and are asked for again.",
  clear:
    "Whoever can read the data folder can read every password. For test machines without secrets of value.",
};

export const secretsText = {
  places,
  placeHints,
  choose: "Where passwords are kept",
  unavailable: "Not available here",
  saved: (count: number | null, locked: boolean): string => {
    if (locked) return "Locked: it needs its passphrase before a password can be read or saved.";
    return count === null ? "" : `${plural(count, "saved password", "saved passwords")}.`;
  },
  note: "Credentials of docker and podman stay where those keep them and are read when they are needed. No password is ever in the database, a log or this window.",
  notUsed: "No vault is in use. Choose it above to keep passwords encrypted in a file of your own.",
  lockAfter: "Lock without use after",
  never: "Never",
  minutes: (count: number): string => plural(count, "minute", "minutes"),
  unlock: "Unlock…",
  lockNow: "Lock now",
  change: "Change passphrase…",
  chosen: (place: SecretPlace): string => `Passwords are kept here now: ${places[place]}`,
  notChosen: "The place could not be changed",
  notLocked: "The vault could not be locked",
  locked: "The vault is locked",
  unlocked: "The vault is unlocked",
  changed: "The vault has a new passphrase",
  statusLocked: "Vault locked",
  statusOpen: "Vault open",
  cancel: "Cancel",
  dialogs: {
    unlock: {
      title: "Unlock the vault",
      description: "Transfers that wait for a saved password go on by themselves.",
      submit: "Unlock",
    },
    open: {
      title: "Keep passwords in the vault that is there",
      description: "A vault was made earlier. Its passphrase opens it, and the passwords are moved into it.",
      submit: "Open the vault",
    },
    make: {
      title: "Make a vault",
      description:
        "Passwords are encrypted with a key that only your passphrase makes. Nobody can recover it.",
      submit: "Make the vault",
    },
    change: {
      title: "Change the vault's passphrase",
      description: "The passwords in it stay.",
      submit: "Change passphrase",
    },
    clear: {
      title: "Keep passwords without encryption?",
      description: "",
      submit: "Keep them in clear",
    },
  },
  clearWarning:
    "Every password is written to a file as it is. Whoever can read your data folder, its backups or this disk can read them. The choice is written to the log.",
  clearTick: "I know that anyone with the file has my passwords",
  passphrase: "Passphrase",
  current: "Passphrase of now",
  next: "New passphrase",
  again: "The same once more",
  tooShort: `At least ${shortestPassphrase} characters`,
  notTheSame: "The two are not the same",
  wrong: "This is not the vault's passphrase.",
  strength: (passphrase: string): string => strengthWords[strengthOf(passphrase)],
  show: "Show what is typed",
  hide: "Hide what is typed",
  group: "Passwords",
  commands: { unlock: "Unlock the vault…", lock: "Lock the vault", place: "Where passwords are kept" },
  needs: { locked: "A vault that is locked", open: "A vault that is open" },
} as const;

type Strength = "short" | "weak" | "fair" | "good";
const strengthWords: Readonly<Record<Strength, string>> = {
  short: `At least ${shortestPassphrase} characters; four or five words are easy to keep in mind.`,
  weak: "Long enough, but easy to guess: it repeats itself.",
  fair: "Fair. A few more words make it good.",
  good: "Good.",
};

/** A rough word of advice: length counts, repetition does not. */
function strengthOf(passphrase: string): Strength {
  if (passphrase.length < shortestPassphrase) return "short";
  const distinct = new Set(passphrase.toLowerCase()).size;
  if (distinct < 6) return "weak";
  return passphrase.length >= 20 && distinct >= 9 ? "good" : "fair";
}

export type VaultDialogKind = keyof typeof secretsText.dialogs;

export function fieldsOf(kind: VaultDialogKind): {
  readonly current: boolean;
  readonly next: boolean;
} {
  switch (kind) {
    case "unlock":
    case "open":
      return { current: true, next: false };
    case "make":
      return { current: false, next: true };
    case "change":
      return { current: true, next: true };
    case "clear":
      return { current: false, next: false };
    default:
      return assertNever(kind);
  }
}
