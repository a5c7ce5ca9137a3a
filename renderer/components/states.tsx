// What stands in a list's place while there is nothing in it: empty, loading, or an error with its way out.
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { FreightlinerError } from "../../shared/errors.ts";
import { connection } from "../api/client.ts";
import { commonText } from "../text/common.ts";
import { explainError } from "../text/errors.ts";
import { Button } from "./button.tsx";
import { ErrorDetails, isSaidByCode } from "./error-details.tsx";

export interface StateAction {
  readonly label: string;
  readonly onSelect: () => void;
}

export function EmptyState({
  icon,
  title,
  text,
  children,
}: {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly text?: ReactNode;
  /** Buttons. */
  readonly children?: ReactNode;
}) {
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center justify-center-safe gap-1 overflow-y-auto p-4 text-center *:shrink-0">
      {icon !== undefined && <div className="mb-2 text-muted">{icon}</div>}
      <p className="text-sm font-medium text-text">{title}</p>
      {text !== undefined && <p className="max-w-84 text-xs text-muted">{text}</p>}
      {children !== undefined && <div className="mt-3 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}

/** Whatever was asked for is asked again by itself when the connection is back. */
const reconnect: StateAction = {
  label: commonText.connection.retryNow,
  onSelect: () => connection.retryNow(),
};

/** The error's sentence, what to do, and the action that does it. */
export function ErrorState({
  error,
  where,
  action,
}: {
  readonly error: FreightlinerError;
  /** The registry's name, where the error is about one. */
  readonly where?: string | undefined;
  readonly action?: StateAction;
}) {
  const text = explainError(error, { other: where });
  const saysAll = isSaidByCode(error.code);
  const wayOut = error.code === "disconnected" ? reconnect : action;
  return (
    <div
      role="alert"
      className="flex min-h-0 flex-1 flex-col items-center justify-center-safe gap-1 overflow-y-auto p-4 text-center *:shrink-0"
    >
      <p className="flex items-center gap-2 text-sm font-medium text-text">
        <CircleAlert aria-hidden className="size-4 shrink-0 text-bad" />
        {text.sentence}
      </p>
      {!saysAll && (
        <p data-selectable className="max-w-120 text-xs break-words text-muted">
          {text.detail}
        </p>
      )}
      {text.advice !== "" && <p className="max-w-120 text-xs text-muted">{text.advice}</p>}
      {wayOut !== undefined && (
        <Button size="small" className="mt-2" onClick={wayOut.onSelect}>
          {wayOut.label}
        </Button>
      )}
      {saysAll && <ErrorDetails error={error} />}
    </div>
  );
}

/** Grey bars in the place of rows that are on their way. */
export function LoadingRows({ rows = 6, label }: { readonly rows?: number; readonly label: string }) {
  return (
    <div role="status" aria-label={label} className="min-h-0 flex-1 overflow-hidden px-3">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars have no identity
        <div key={row} className="row-base gap-3">
          <div className="skeleton" style={{ width: `${70 - ((row * 23) % 40)}%` }} />
        </div>
      ))}
    </div>
  );
}
