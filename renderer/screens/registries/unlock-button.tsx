// Asks for the vault's passphrase, and goes on with what needed it.
import { LockOpen } from "lucide-react";
import { Button } from "../../components/button.tsx";
import { openUnlock } from "../../state/secrets.ts";
import { signInText } from "../../text/registry-form.ts";

export function UnlockButton({ onUnlocked }: { readonly onUnlocked?: (() => void) | undefined }) {
  return (
    <Button
      type="button"
      size="small"
      className="self-start"
      icon={<LockOpen aria-hidden className="size-3.5" />}
      onClick={() => openUnlock(onUnlocked)}
    >
      {signInText.unlock}
    </Button>
  );
}
