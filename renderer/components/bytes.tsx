// A size as people read it, with the exact number of bytes as its tooltip.
import { useBytes } from "../state/formats.ts";
import { exactBytes } from "../text/sizes.ts";

export function Bytes({ value, className }: { readonly value: number; readonly className?: string }) {
  const bytes = useBytes();
  return (
    <span title={exactBytes(value)} className={className}>
      {bytes(value)}
    </span>
  );
}
