// Whether a password is kept, with where it will lie.
import { Checkbox } from "../../components/toggle.tsx";
import { useCapabilities } from "../../state/connection.ts";
import { useSecrets } from "../../state/secrets.ts";
import { rememberHint, signInText } from "../../text/registry-form.ts";
import { UnlockButton } from "./unlock-button.tsx";

export function RememberField({
  checked,
  onCheckedChange,
}: {
  readonly checked: boolean;
  readonly onCheckedChange: (checked: boolean) => void;
}) {
  const capabilities = useCapabilities();
  const secrets = useSecrets(({ status }) => status);
  const place = rememberHint(secrets?.place, capabilities?.platform ?? "");
  if (secrets?.place === "memory") return <p className="text-xs text-muted">{signInText.inMemory}</p>;
  const locked = checked && secrets?.locked === true;
  const hint = !checked ? signInText.session : locked ? signInText.locked : place;
  return (
    <div className="flex flex-wrap items-start justify-between gap-2">
      <Checkbox label={signInText.remember} hint={hint} checked={checked} onCheckedChange={onCheckedChange} />
      {locked && <UnlockButton />}
    </div>
  );
}
