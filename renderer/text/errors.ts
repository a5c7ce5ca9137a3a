// Every error code as a person needs it: what happened, where, and what to do about it.
import { assertNever } from "../../shared/assert-never.ts";
import type { ErrorCode, Side, WireError } from "../../shared/errors.ts";

/** What a person can do about a failure in the place where it is shown. */
export type ErrorAction =
  | "sign-in"
  | "unlock"
  | "retry"
  | "reconnect"
  | "check-address"
  | "choose-another"
  | "open-details"
  | "none";

/** The ends of a transfer by the names that the person gave them; `other` is the one end of a call that has just one. */
export interface EndNames {
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  readonly other?: string | undefined;
}

export interface Explanation {
  /** One plain sentence: what, where and why. */
  readonly sentence: string;
  /** What the engine or the registry said, word for word. */
  readonly detail: string;
  readonly action: ErrorAction;
  /** What to do, as a sentence of advice; empty where nothing helps. */
  readonly advice: string;
}

/** The part of an error that is needed; a thrown FreightlinerError and one from the wire both have it. */
export type ErrorLike = Pick<WireError, "code" | "side" | "message"> & {
  readonly retryAfterMs?: number | undefined;
};

interface Words {
  readonly sentence: (where: string) => string;
  readonly action: ErrorAction;
  readonly advice: string;
}

const words: Readonly<Record<ErrorCode, Words>> = {
  usage: {
    sentence: () => "This cannot be done the way it was asked for.",
    action: "open-details",
    advice: "Read the details, change the request and try again.",
  },
  configuration: {
    sentence: () => "A setting of Freightliner cannot be used.",
    action: "open-details",
    advice: "The details name the setting and what was expected.",
  },
  "invalid-reference": {
    sentence: () => "A name, tag or digest is not written the way registries accept.",
    action: "choose-another",
    advice: "Choose another name.",
  },
  unauthorized: {
    sentence: (where) => `${where} wants a valid sign-in.`,
    action: "sign-in",
    advice: "Sign in with a user name and password that are valid there.",
  },
  locked: {
    sentence: () => "A saved password is needed.",
    action: "unlock",
    advice: "What waits for it goes on by itself then.",
  },
  forbidden: {
    sentence: (where) => `${where} knows who you are but does not allow this.`,
    action: "sign-in",
    advice: "Sign in as a user who may, or ask for the permission.",
  },
  "repository-unknown": {
    sentence: (where) => `${where} has no repository of this name.`,
    action: "choose-another",
    advice: "It may have been removed or renamed. Choose another repository.",
  },
  "manifest-unknown": {
    sentence: (where) => `${where} has no image under this tag or digest.`,
    action: "choose-another",
    advice: "The tag may have been removed since it was listed. Choose another one.",
  },
  "blob-unknown": {
    sentence: (where) => `${where} lists a layer that it does not have.`,
    action: "open-details",
    advice: "The image is incomplete there. Push it again, then retry.",
  },
  unreachable: {
    sentence: (where) => `${where} cannot be reached.`,
    action: "check-address",
    advice: "Check the address, your network or VPN, and that the registry is running.",
  },
  // The window's own way to the engine: no registry has a part in it.
  disconnected: {
    sentence: () => "The connection to Freightliner is lost.",
    action: "reconnect",
    advice: "It is being tried again by itself. Transfers that run go on without this window.",
  },
  tls: {
    sentence: (where) => `The secure connection to ${where} could not be made.`,
    action: "check-address",
    advice:
      "The details say what was expected: a certificate, a key or a version of TLS. Where the registry has changed, change its settings.",
  },
  timeout: {
    sentence: (where) => `${where} did not answer in time.`,
    action: "retry",
    advice: "It may be busy. Try again.",
  },
  "rate-limited": {
    sentence: (where) => `${where} asks to slow down: too many requests.`,
    action: "retry",
    advice: "Wait a little, then try again. Signing in often raises the limit.",
  },
  "registry-failure": {
    sentence: (where) => `${where} reported a failure of its own.`,
    action: "retry",
    advice: "Try again. If it stays, ask whoever runs the registry.",
  },
  protocol: {
    sentence: (where) => `${where} gave an answer that does not follow the registry protocol.`,
    action: "open-details",
    advice: "Check that the address is a registry's and not a web page's.",
  },
  "too-large": {
    sentence: (where) => `${where} sent or was sent more than is allowed.`,
    action: "open-details",
    advice: "The details name the limit.",
  },
  unsupported: {
    sentence: (where) => `${where} or this image needs something that is not supported.`,
    action: "open-details",
    advice: "The details name what it is.",
  },
  "tag-immutable": {
    sentence: (where) => `${where} does not let this tag be changed.`,
    action: "choose-another",
    advice: "Choose another tag, or leave this image out.",
  },
  "refused-by-registry": {
    sentence: (where) => `${where} refused the upload.`,
    action: "open-details",
    advice: "The details hold the registry's own words.",
  },
  "redirect-refused": {
    sentence: (where) => `${where} sent us on to a place that is not safe to follow.`,
    action: "open-details",
    advice: "Nothing was sent there. The details name the place.",
  },
  "upload-lost": {
    sentence: (where) => `${where} forgot an upload that was under way.`,
    action: "retry",
    advice: "Try again: only what is missing is sent.",
  },
  "digest-mismatch": {
    sentence: (where) => `What ${where} sent is not what its digest says.`,
    action: "retry",
    advice: "Nothing wrong was written. Try again; if it stays, the image is damaged there.",
  },
  "size-mismatch": {
    sentence: (where) => `What ${where} sent has another length than announced.`,
    action: "retry",
    advice: "Nothing wrong was written. Try again; if it stays, the image is damaged there.",
  },
  "verification-failed": {
    sentence: (where) => `What was read back from ${where} is not what was sent.`,
    action: "retry",
    advice: "Do not use this copy. Try again.",
  },
  "mapping-collision": {
    sentence: () => "Two images would land under one name.",
    action: "choose-another",
    advice: "Choose another destination for one of them.",
  },
  "not-found": {
    sentence: () => "This no longer exists.",
    action: "none",
    advice: "It may have been removed in another window.",
  },
  "illegal-transition": {
    sentence: () => "This is not possible in the state that the transfer is in now.",
    action: "none",
    advice: "",
  },
  busy: {
    sentence: () => "It is in use at the moment.",
    action: "retry",
    advice: "Wait until the transfers that use it are done.",
  },
  cancelled: { sentence: () => "It was cancelled.", action: "none", advice: "" },
  store: {
    sentence: () => "Freightliner's own database could not be read or written.",
    action: "open-details",
    advice: "Check that the disk has room and the data folder can be written.",
  },
  io: {
    sentence: () => "A file or folder could not be read or written.",
    action: "open-details",
    advice: "Check the path, the free space and the permissions.",
  },
  internal: {
    sentence: () => "Something unexpected went wrong inside Freightliner.",
    action: "open-details",
    advice: "This is a defect. The details help to find it.",
  },
};

function whereText(side: Side, names: EndNames): string {
  switch (side) {
    case "source":
      return names.source === undefined ? "The source" : `The source (${names.source})`;
    case "destination":
      return names.destination === undefined ? "The destination" : `The destination (${names.destination})`;
    case "local":
      return names.other ?? "The other end";
    default:
      return assertNever(side);
  }
}

/** Lower-cases the article inside a sentence: "What the source (a) sent". */
function sentenceOf(word: Words, where: string): string {
  const sentence = word.sentence(where);
  if (sentence.startsWith(where)) return sentence;
  return sentence.replace(where, () => where.replace(/^The /, "the "));
}

/** Explains an error; `names` puts the person's own endpoint names into the sentence. */
export function explainError(error: ErrorLike, names: EndNames = {}): Explanation {
  const word = words[error.code];
  const wait =
    error.retryAfterMs === undefined ? "" : ` It asked to wait ${Math.ceil(error.retryAfterMs / 1000)} s.`;
  return {
    sentence: sentenceOf(word, whereText(error.side, names)),
    detail: error.message,
    action: word.action,
    advice: `${word.advice}${wait}`.trim(),
  };
}

const actionLabels: Readonly<Record<Exclude<ErrorAction, "none">, string>> = {
  "sign-in": "Sign in…",
  unlock: "Unlock…",
  retry: "Retry",
  reconnect: "Reconnect now",
  "check-address": "Check address…",
  "choose-another": "Choose another…",
  "open-details": "Details…",
};

/** The button's text for an action; undefined where there is nothing to press. */
export function actionLabel(action: ErrorAction): string | undefined {
  return action === "none" ? undefined : actionLabels[action];
}

/** The sentence and the advice alone, for states that fill a list. */
export function errorText(
  error: ErrorLike,
  names: EndNames = {},
): { readonly title: string; readonly action: string } {
  const { sentence, advice } = explainError(error, names);
  return { title: sentence, action: advice };
}
