// Why something about a registry did not succeed: its sentence, what to do, and the technical words, folded where they add nothing.
import type { FreightlinerError } from "../../../shared/errors.ts";
import { ErrorDetails, isSaidByCode } from "../../components/error-details.tsx";
import { explainError } from "../../text/errors.ts";
import { UnlockButton } from "./unlock-button.tsx";

export function FailureBox({
  error,
  where,
  onUnlocked,
}: {
  readonly error: FreightlinerError;
  /** Goes on where only the vault was locked. */
  readonly onUnlocked?: () => void;
  /** The registry's name, where it has one already. */
  readonly where?: string;
}) {
  const { sentence, detail, advice } = explainError(error, { other: where });
  const folded = isSaidByCode(error.code);
  return (
    <div role="alert" className="rounded-md border border-line bg-sunken p-3 [&_summary]:mx-0">
      <p className="text-bad">{sentence}</p>
      <p data-selectable className="text-xs text-muted">
        {folded ? advice : `${detail} ${advice}`}
      </p>
      {error.code === "locked" && (
        <div className="mt-2">
          <UnlockButton onUnlocked={onUnlocked} />
        </div>
      )}
      {folded && <ErrorDetails error={error} />}
    </div>
  );
}
