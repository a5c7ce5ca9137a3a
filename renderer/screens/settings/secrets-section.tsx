// Where passwords are kept: the choice, what holds now, and the vault's lock.
import { Lock, LockOpen } from "lucide-react";
import type { SecretPlace, SecretsStatus } from "../../../shared/secrets.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { type Choice, ChoiceList } from "../../components/choice-list.tsx";
import { Select } from "../../components/select.tsx";
import {
  askForPlace,
  lockAfter,
  lockVault,
  openUnlock,
  openVaultDialog,
  useSecrets,
} from "../../state/secrets.ts";
import { secretsText } from "../../text/secrets.ts";
import { Section } from "./section.tsx";
import { SettingRow } from "./setting-row.tsx";

const order: readonly SecretPlace[] = ["keychain", "vault", "memory", "clear"];
const lockTimes = [5, 15, 30, 60, 240] as const;

export function SecretsSection() {
  const status = useSecrets((state) => state.status);
  return (
    <Section name="secrets">
      <SettingRow name="secretStore" stacked>
        {status !== undefined && <Places status={status} />}
        <p className="mt-2 px-2 text-xs text-muted">{secretsText.note}</p>
      </SettingRow>
      <SettingRow name="vault" stacked>
        {status !== undefined && <Vault status={status} />}
      </SettingRow>
    </Section>
  );
}

function Places({ status }: { readonly status: SecretsStatus }) {
  const choices = order.map((value): Choice<SecretPlace> => {
    const offered = status.offered.includes(value);
    const why =
      value === "keychain" ? (status.keychainProblem ?? secretsText.unavailable) : secretsText.unavailable;
    return {
      value,
      label: secretsText.places[value],
      hint: secretsText.placeHints[value],
      unavailable: offered ? undefined : why,
      danger: value === "clear",
    };
  });
  return (
    <>
      <ChoiceList
        label={secretsText.choose}
        value={status.place}
        choices={choices}
        onValueChange={askForPlace}
      />
      <p className="mt-2 px-2 text-xs" aria-live="polite">
        {secretsText.saved(status.saved, status.locked)}
        {status.problem !== null && <span className="text-bad"> {status.problem}</span>}
      </p>
    </>
  );
}

function Vault({ status }: { readonly status: SecretsStatus }) {
  if (status.place !== "vault") return <p className="text-sm text-muted">{secretsText.notUsed}</p>;
  const minutes = status.lockAfterMinutes;
  const times = [...new Set([...lockTimes, ...(minutes === null ? [] : [minutes])])].toSorted(
    (a, b) => a - b,
  );
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Badge className="mb-1" tone={status.locked ? "warn" : "ok"}>
        {status.locked ? (
          <Lock aria-hidden className="size-3" />
        ) : (
          <LockOpen aria-hidden className="size-3" />
        )}
        {status.locked ? secretsText.statusLocked : secretsText.statusOpen}
      </Badge>
      {status.locked ? (
        <Button size="small" onClick={() => openUnlock()}>
          {secretsText.unlock}
        </Button>
      ) : (
        <Button size="small" onClick={() => void lockVault()}>
          {secretsText.lockNow}
        </Button>
      )}
      <Button size="small" onClick={() => openVaultDialog("change")}>
        {secretsText.change}
      </Button>
      <Select
        label={secretsText.lockAfter}
        value={String(minutes)}
        options={[
          ...times.map((time) => ({ value: String(time), label: secretsText.minutes(time) })),
          { value: "null", label: secretsText.never },
        ]}
        onValueChange={(value) => void lockAfter(value === "null" ? null : Number(value))}
      />
    </div>
  );
}
