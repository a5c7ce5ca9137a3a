// A small button that puts a text on the clipboard and says so where it stands.
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { writeText } from "../state/clipboard.ts";
import { IconButton } from "./button.tsx";
import { showError } from "./toast.tsx";

const shownMs = 1600;

export function CopyButton({
  label,
  text,
  tabIndex,
}: {
  /** The accessible name: "Copy digest". */
  readonly label: string;
  readonly text: string;
  readonly tabIndex?: number;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (): void => {
    writeText(text).then(
      () => setCopied(true),
      (thrown: unknown) => showError(label, thrown),
    );
  };
  return (
    <>
      <IconButton
        label={label}
        icon={
          copied ? (
            <Check aria-hidden className="size-3.5 text-ok" />
          ) : (
            <Copy aria-hidden className="size-3.5" />
          )
        }
        onClick={copy}
        {...(tabIndex === undefined ? {} : { tabIndex })}
      />
      <span role="status" className="hidden-text">
        {copied ? "Copied" : ""}
      </span>
    </>
  );
}
