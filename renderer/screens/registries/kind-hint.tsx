// What an address turned out to be, with what is different about that kind of registry.
import { kindWords } from "../../text/registry-kinds.ts";
import type { EndpointForm } from "./endpoint-form.ts";
import { KindIcon } from "./kind-look.tsx";
import type { ParsedAddress } from "./parse-address.ts";
import { kindOfHost, type RegistryKind } from "./registry-kind.ts";

/** As chosen by hand, else as the address tells. */
export function kindInForm(
  { provider }: Pick<EndpointForm, "provider">,
  address: ParsedAddress,
): RegistryKind | undefined {
  switch (address.kind) {
    case "registry":
      return provider === "automatic" ? kindOfHost(address.host) : provider;
    case "layout":
    case "archive":
      return address.kind;
    case "empty":
    case "invalid":
      return undefined;
  }
}

/** Told aloud when it changes: the address decides what is asked for below. */
export function KindHint({
  kind,
  address,
}: {
  readonly kind: RegistryKind | undefined;
  readonly address: ParsedAddress;
}) {
  return (
    <div role="status" className="empty:hidden">
      {kind !== undefined && (
        <div className="flex gap-2 rounded-md bg-sunken px-3 py-2 text-xs">
          <KindIcon kind={kind} />
          <div className="min-w-0">
            <p className="font-medium">
              {kindWords[kind].name}
              {address.kind === "registry" && (
                <span className="ml-2 font-mono font-normal text-muted">{address.host}</span>
              )}
            </p>
            {kindWords[kind].notes.map((note) => (
              <p key={note} className="text-muted">
                {note}
              </p>
            ))}
          </div>
        </div>
      )}
    </div>
  );
}
