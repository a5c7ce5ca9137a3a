// Whether a password is kept, with where it will lie.
import { Checkbox } from "../../components/toggle.tsx";
import { useCapabilities } from "../../state/connection.ts";
import { useSecrets } from "../../state/secrets.ts";
import { rememberHint, signInText } from "../../text/registry-form.ts";

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
  const hint = !checked ? signInText.session : secrets?.locked === true ? signInText.locked : place;
  return (
    <Checkbox label={signInText.remember} hint={hint} checked={checked} onCheckedChange={onCheckedChange} />
  );
}
