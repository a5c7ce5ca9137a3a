// What an unwelcome answer of a vendor's own API means, with its own words.
import { z } from "zod";
import { type ErrorCode, FreightlinerError } from "../../../shared/errors.ts";
import { printable } from "../redact.ts";
import type { VendorAnswer } from "./vendor-api.ts";

const text = z.string().optional().catch(undefined);
/**
 * GitHub and Docker Hub: `message`; Docker Hub: `detail`; Quay: `error_message`; GitLab: `message`, `error_description`,
 * `error`; Harbor and Artifactory: a list of `errors`.
 */
const body = z.object({
  errors: z
    .array(z.object({ message: text }))
    .optional()
    .catch(undefined),
  message: text,
  detail: text,
  error_message: text,
  error_description: text,
  error: text,
});

function wordsOf(json: unknown): string {
  const { success, data } = body.safeParse(json);
  if (!success) return "";
  const { message, detail, error_message, error_description, error, errors } = data;
  const first = errors?.[0]?.message;
  return printable(message ?? detail ?? error_message ?? error_description ?? error ?? first ?? "");
}

function codeOf(status: number, missing: ErrorCode): ErrorCode {
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 404) return missing;
  return status >= 400 ? "refused-by-registry" : "protocol";
}

export interface AnswerAbout {
  readonly operation: string;
  /** For people: `the packages of acme`. */
  readonly what: string;
  /** What a 404 means; `protocol` where it is not said: then there is no such API. */
  readonly missing?: ErrorCode;
  /** What is to be done, where that is known; one sentence. */
  readonly advice?: string | undefined;
}

export function vendorError(answer: VendorAnswer, about: AnswerAbout): FreightlinerError {
  const { status, url, json } = answer;
  const words = wordsOf(json);
  const said = `${url.host} answered ${status} for ${about.what}${words === "" ? "." : `: ${words}`}`;
  return new FreightlinerError({
    code: codeOf(status, about.missing ?? "protocol"),
    operation: about.operation,
    message: about.advice === undefined ? said : `${said} ${about.advice}`,
    status,
  });
}

/** An answer of status 200 that is not what was asked for. */
export function notUnderstood(answer: VendorAnswer, { operation, what }: AnswerAbout): FreightlinerError {
  return new FreightlinerError({
    code: "protocol",
    operation,
    message: `${answer.url.host} did not answer with ${what} in the form that its API describes.`,
    status: answer.status,
  });
}

/** True for a place that shows us nothing: no right, or nothing there. A limit that is told by 403 is neither. */
export function isClosed(error: unknown): error is FreightlinerError {
  return error instanceof FreightlinerError && (error.code === "forbidden" || error.status === 404);
}
