// A password that can be looked at while it is entered.
import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { secretsText } from "../text/secrets.ts";
import { IconButton } from "./button.tsx";
import { TextField, type TextFieldProps } from "./text-field.tsx";

export function SecretField(props: Omit<TextFieldProps, "type">) {
  const [shown, setShown] = useState(false);
  return (
    <div className="relative min-w-0">
      <TextField {...props} type={shown ? "text" : "password"} className="[&_input]:pr-9" />
      {/* Beside the input, which begins below the label's line. */}
      <span className="absolute top-6 right-1">
        <IconButton
          type="button"
          label={shown ? secretsText.hide : secretsText.show}
          aria-pressed={shown}
          icon={
            shown ? <EyeOff aria-hidden className="size-3.5" /> : <Eye aria-hidden className="size-3.5" />
          }
          onClick={() => setShown(!shown)}
        />
      </span>
    </div>
  );
}
