// The technical words of an error, folded away: its own message and what the system said below it.
import type { ErrorCode } from "../../shared/errors.ts";
import { errorDetailsText } from "../text/common.ts";

/** What of such an error is not in its code's own sentence is for those who look after networks. */
export function isSaidByCode(code: ErrorCode): boolean {
  return code === "unreachable" || code === "timeout" || code === "disconnected";
}

interface TechnicalError {
  readonly message: string;
  readonly cause?: unknown;
}

/** Words from the outermost to the innermost cause, each once. */
function technicalWords(error: TechnicalError): readonly string[] {
  const words = [error.message];
  for (let cause = error.cause; cause instanceof Error && words.length < 9; cause = cause.cause)
    words.push(cause.message);
  return [...new Set(words)].filter((text) => text !== "");
}

export function ErrorDetails({ error }: { readonly error: TechnicalError }) {
  return (
    <details className="max-w-120 text-xs text-muted">
      <summary className="mx-auto w-fit cursor-default rounded-sm px-1 hover:text-text">
        {errorDetailsText}
      </summary>
      {technicalWords(error).map((text) => (
        <p key={text} data-selectable className="mt-1 break-words">
          {text}
        </p>
      ))}
    </details>
  );
}
