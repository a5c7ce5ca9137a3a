// Who signs in at a registry: what is entered, where else it is looked for, and where what is entered will lie.

import { SecretField } from "../../components/secret-field.tsx";
import { Select } from "../../components/select.tsx";
import { TextField } from "../../components/text-field.tsx";
import { registriesText } from "../../text/registries.ts";
import { signInText } from "../../text/registry-form.ts";
import { kindWords } from "../../text/registry-kinds.ts";
import { CloudFields, isCloud } from "./cloud-fields.tsx";
import { type EndpointForm, type SignInWay, signInWays } from "./endpoint-form.ts";
import { kindInForm } from "./kind-hint.tsx";
import { type FieldsProps, takesPassword } from "./read-endpoint-form.ts";
import { RememberField } from "./remember-field.tsx";

export function SignInFields({
  saved,
  ...props
}: FieldsProps & {
  /** It is saved already: an empty password keeps the one that is there. */
  readonly saved: boolean;
}) {
  const { values, read, onChange } = props;
  const cloud = isCloud(kindInForm(values, read.address));
  const ways = signInWays.filter((way) => way !== "cloud" || cloud || values.signIn === "cloud");
  return (
    <div className="flex flex-col gap-2">
      <Select<SignInWay>
        label={signInText.way}
        value={values.signIn}
        options={ways.map((value) => ({
          value,
          label: signInText.ways[value],
          hint: signInText.wayHints[value],
        }))}
        onValueChange={(signIn) => onChange({ ...values, signIn })}
      />
      {takesPassword(values) ? <Entered {...props} saved={saved} /> : <Elsewhere {...props} />}
    </div>
  );
}

function Entered({ values, read, onChange, saved }: FieldsProps & { readonly saved: boolean }) {
  const kind = kindInForm(values, read.address);
  const words = kind === undefined ? undefined : kindWords[kind];
  const { credential } = read.errors;
  const entered = values.username !== "" || values.password !== "";
  return (
    <>
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
      {credential !== undefined && <p className="text-xs text-bad">{credential}</p>}
      {credential === undefined && saved && !entered && (
        <p className="text-xs text-muted">{registriesText.keepSecret}</p>
      )}
      {entered && (
        <RememberField
          checked={values.remember}
          onCheckedChange={(remember) => onChange({ ...values, remember })}
        />
      )}
    </>
  );
}

function Elsewhere(props: FieldsProps) {
  const { values, read, onChange } = props;
  const { errors } = read;
  const set = (change: Partial<EndpointForm>): void => onChange({ ...values, ...change });
  // What is still empty is not wrong yet.
  const shown = (value: string, error: string | undefined): string | undefined =>
    value === "" ? undefined : error;
  switch (values.signIn) {
    case "podman":
      return (
        <TextField
          label={signInText.namespace}
          value={values.namespace}
          onValueChange={(namespace) => set({ namespace })}
          hint={signInText.namespaceHint}
        />
      );
    case "helper":
      return (
        <TextField
          label={signInText.helper}
          value={values.helper}
          onValueChange={(helper) => set({ helper })}
          hint={signInText.helperHint}
          error={shown(values.helper, errors.helper)}
        />
      );
    case "environment":
      return (
        <div className="grid grid-cols-2 gap-4">
          <TextField
            label={signInText.userVariable}
            value={values.userVariable}
            onValueChange={(userVariable) => set({ userVariable })}
            error={shown(values.userVariable, errors.userVariable)}
          />
          <TextField
            label={signInText.passwordVariable}
            value={values.passwordVariable}
            onValueChange={(passwordVariable) => set({ passwordVariable })}
            error={shown(values.passwordVariable, errors.passwordVariable)}
          />
        </div>
      );
    case "cloud":
      return <CloudFields {...props} />;
    default:
      return <p className="text-xs text-muted">{signInText.wayHints[values.signIn]}</p>;
  }
}
