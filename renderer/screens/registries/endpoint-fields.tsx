// The fields of an endpoint: its address in whatever form, its name, who signs in, and the rest behind a disclosure.
import { ChevronDown } from "lucide-react";
import { type ReactNode, type RefObject, useState } from "react";
import { TextField } from "../../components/text-field.tsx";
import { useCapabilities } from "../../state/connection.ts";
import { useSecrets } from "../../state/secrets.ts";
import { registriesText, secretHint } from "../../text/registries.ts";
import { kindWords } from "../../text/registry-kinds.ts";
import { AdvancedFields } from "./advanced-fields.tsx";
import {
  advancedCount,
  type EndpointForm,
  type FieldsProps,
  type ReadForm,
  withAddress,
} from "./endpoint-form.ts";
import { KindHint, kindOfAddress } from "./kind-hint.tsx";
import { SecretField } from "./secret-field.tsx";

export function EndpointFields({
  folder = false,
  saved = false,
  addressRef,
  ...props
}: FieldsProps & {
  /** A folder is asked for in the first place. */
  readonly folder?: boolean;
  /** It is saved already: an empty password keeps the one that is there. */
  readonly saved?: boolean;
  readonly addressRef?: RefObject<HTMLInputElement | null>;
}) {
  const { values, read, onChange } = props;
  const { address, errors } = read;
  const ignored = address.kind === "registry" ? address.ignoredPath : "";
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
        <KindHint address={address} />
      </div>
      {asksForSignIn(address.kind, folder) && <SignInFields {...props} saved={saved} />}
      <TextField
        label={registriesText.name}
        value={values.name}
        onValueChange={(name) => onChange({ ...values, name })}
        maxLength={100}
      />
      <Disclosure values={values} address={address.kind}>
        <AdvancedFields {...props} />
      </Disclosure>
    </>
  );
}

/** A folder has none; while nothing is said, what was asked for decides. */
function asksForSignIn(kind: ReadForm["address"]["kind"], folder: boolean): boolean {
  return kind === "registry" || (!folder && (kind === "empty" || kind === "invalid"));
}

function SignInFields({ values, read, onChange, saved }: FieldsProps & { readonly saved: boolean }) {
  const capabilities = useCapabilities();
  const secrets = useSecrets((state) => state.status);
  const kind = kindOfAddress(read.address);
  const words = kind === undefined ? undefined : kindWords[kind];
  const { credential } = read.errors;
  return (
    <div className="flex flex-col gap-1">
      <div className="grid grid-cols-2 gap-4">
        <TextField
          label={registriesText.username}
          value={values.username}
          onValueChange={(username) => onChange({ ...values, username })}
          hint={words?.user}
          autoComplete="off"
        />
        <SecretField
          label={saved ? registriesText.newPassword : registriesText.password}
          value={values.password}
          onValueChange={(password) => onChange({ ...values, password })}
          hint={words?.secret}
          autoComplete="off"
        />
      </div>
      <p className={`text-xs ${credential === undefined ? "text-muted" : "text-bad"}`}>
        {credential ?? (saved ? `${registriesText.keepSecret} ` : "")}
        {credential === undefined && secretHint(secrets?.place, capabilities?.platform ?? "")}
      </p>
    </div>
  );
}

/** Open at once where something unusual is set: it must not be overlooked. */
function Disclosure({
  values,
  address,
  children,
}: {
  readonly values: EndpointForm;
  readonly address: ReadForm["address"]["kind"];
  readonly children: ReactNode;
}) {
  const [open, setOpen] = useState(() => advancedCount(values) > 0);
  const count = advancedCount(values);
  const shown = open || (values.plainHttp && address === "registry");
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
