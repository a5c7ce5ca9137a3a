// The fields of an endpoint: its address in whatever form, its name, who signs in, and the rest behind a disclosure.
import { ChevronDown } from "lucide-react";
import { type ReactNode, type RefObject, useState } from "react";
import { TextField } from "../../components/text-field.tsx";
import { useHostHints } from "../../state/registry-hints.ts";
import { registriesText } from "../../text/registries.ts";
import { AdvancedFields } from "./advanced-fields.tsx";
import { ArchiveFields } from "./archive-fields.tsx";
import { advancedCount, advancedKeys, withAddress } from "./endpoint-form.ts";
import { HostHintsView } from "./host-hints.tsx";
import { KindHint, kindInForm } from "./kind-hint.tsx";
import type { FieldsProps, ReadForm } from "./read-endpoint-form.ts";
import { SignInFields } from "./sign-in-fields.tsx";

export function EndpointFields({
  folder = false,
  saved = false,
  addressRef,
  pinNow,
  ...props
}: FieldsProps & {
  /** A folder is asked for in the first place. */
  readonly folder?: boolean;
  /** It is saved already: an empty password keeps the one that is there. */
  readonly saved?: boolean;
  readonly addressRef?: RefObject<HTMLInputElement | null>;
  /** The key that the last check found at the server. */
  readonly pinNow: string | undefined;
}) {
  const { values, read, onChange } = props;
  const { address, errors } = read;
  const ignored = address.kind === "registry" ? address.ignoredPath : "";
  const hints = useHostHints(address.kind === "registry" ? address.host : undefined);
  return (
    <>
      <div className="flex flex-col gap-2">
        <TextField
          label={registriesText.address}
          value={values.address}
          onValueChange={(next) => onChange(withAddress(values, next))}
          placeholder={folder ? registriesText.folderPlaceholder : registriesText.addressPlaceholder}
          hint={ignored === "" ? registriesText.addressHint : registriesText.ignoredPath(ignored)}
          error={errors.address}
          autoComplete="off"
          inputMode="url"
          {...(addressRef === undefined ? {} : { ref: addressRef })}
        />
        <KindHint kind={kindInForm(values, address)} address={address} />
        <HostHintsView hints={hints} />
      </div>
      {address.kind === "archive" && <ArchiveFields {...props} />}
      {asksForSignIn(address.kind, folder) && <SignInFields {...props} saved={saved} />}
      <TextField
        label={registriesText.name}
        value={values.name}
        onValueChange={(name) => onChange({ ...values, name })}
        maxLength={100}
      />
      {address.kind !== "archive" && (
        <Disclosure {...props}>
          <AdvancedFields {...props} hints={hints} pinNow={pinNow} />
        </Disclosure>
      )}
    </>
  );
}

/** A folder has none; while nothing is said, what was asked for decides. */
function asksForSignIn(kind: ReadForm["address"]["kind"], folder: boolean): boolean {
  return kind === "registry" || (!folder && (kind === "empty" || kind === "invalid"));
}

/** Open at once where something unusual is set: it must not be overlooked. */
function Disclosure({
  values,
  read: { address, errors },
  children,
}: FieldsProps & { readonly children: ReactNode }) {
  const [open, setOpen] = useState(() => advancedCount(values) > 0);
  const count = advancedCount(values);
  const wrong = advancedKeys.some((key) => errors[key] !== undefined);
  const shown = open || wrong || (values.plainHttp && address.kind === "registry");
  return (
    <div className="flex flex-col gap-3">
      <button
        type="button"
        aria-expanded={shown}
        onClick={() => setOpen(!shown)}
        className="flex w-max items-center gap-1.5 rounded-sm text-sm text-muted hover:text-text"
      >
        <ChevronDown aria-hidden className={`size-3.5 ${shown ? "" : "-rotate-90"}`} />
        {count === 0 ? registriesText.advanced : registriesText.advancedCount(count)}
      </button>
      {shown && <div className="flex flex-col gap-3 border-l border-line pl-4">{children}</div>}
    </div>
  );
}
