// All about the chosen registry: how it is and what to do, who signs in, what goes on there now, and its settings.
import { ArrowLeftToLine, ArrowRightToLine, Ellipsis, RefreshCw, SquarePen, X } from "lucide-react";
import { type Endpoint, endpointAddress } from "../../../shared/endpoint.ts";
import { Button, IconButton } from "../../components/button.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { HealthDot } from "../../components/health-dot.tsx";
import { Menu } from "../../components/menu.tsx";
import { Switch } from "../../components/switch.tsx";
import { useNow } from "../../components/when.tsx";
import { checkEndpoint, isChecking, setReadOnly, stopCheck } from "../../state/registries.ts";
import { useCheck } from "../../state/registry-checks.ts";
import { openRegistryDialog } from "../../state/registry-dialogs.ts";
import { healthText, registriesText } from "../../text/registries.ts";
import { kindWords } from "../../text/registry-kinds.ts";
import { CapabilitiesSection } from "./capabilities-section.tsx";
import { CheckSteps } from "./check-steps.tsx";
import { CredentialSection } from "./credential-section.tsx";
import { FailureBox } from "./failure-box.tsx";
import { KindIcon } from "./kind-look.tsx";
import { NamedSection } from "./named-section.tsx";
import { registryMenu, showInPane } from "./registry-actions.tsx";
import { RegistryFlags } from "./registry-flags.tsx";
import { kindOf } from "./registry-kind.ts";
import { RegistryNow } from "./registry-now.tsx";
import { RegistrySettings } from "./registry-settings.tsx";
import { Section } from "./section.tsx";

const icon = "size-3.5";

export function RegistryDetails({ endpoint }: { readonly endpoint: Endpoint }) {
  return (
    <section
      aria-label={registriesText.details(endpoint.name)}
      className="flex h-full min-w-0 flex-col gap-5 overflow-y-auto bg-surface px-5 py-4"
    >
      <Head endpoint={endpoint} />
      <CheckSection endpoint={endpoint} />
      {endpoint.settings.kind === "registry" && (
        <>
          <CredentialSection endpoint={endpoint} />
          <CapabilitiesSection endpoint={endpoint} />
          <Section title={registriesText.sections.now}>
            <RegistryNow host={endpoint.settings.host} />
          </Section>
          <NamedSection endpoint={endpoint} />
        </>
      )}
      <Section title={registriesText.sections.settings}>
        {endpoint.settings.kind === "registry" && <RegistrySettings settings={endpoint.settings} />}
        <Switch
          label={registriesText.readOnly}
          hint={registriesText.readOnlyHint}
          checked={endpoint.settings.readOnly === true}
          onCheckedChange={(readOnly) => void setReadOnly(endpoint, readOnly)}
        />
      </Section>
      <Section title={registriesText.notes}>
        <ul className="flex list-disc flex-col gap-1 pl-4 text-xs text-muted">
          {kindWords[kindOf(endpoint.settings)].notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </Section>
    </section>
  );
}

function Head({ endpoint }: { readonly endpoint: Endpoint }) {
  const kind = kindOf(endpoint.settings);
  const address = endpointAddress(endpoint.settings);
  return (
    <header className="flex flex-col gap-3">
      <div className="min-w-0">
        <div className="flex min-w-0 items-center gap-2">
          <HealthDot health={endpoint.health} />
          <h2 className="truncate text-lg font-semibold">{endpoint.name}</h2>
          <RegistryFlags endpoint={endpoint} />
        </div>
        <div className="mt-1 flex min-w-0 items-center gap-1.5 text-xs text-muted">
          <KindIcon kind={kind} />
          <span className="shrink-0">{kindWords[kind].name}</span>
          <span data-selectable className="truncate font-mono">
            {address}
          </span>
          <CopyButton label={registriesText.copyAddress} text={address} />
        </div>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button
          size="small"
          icon={<ArrowLeftToLine aria-hidden className={icon} />}
          onClick={() => showInPane("left", endpoint)}
        >
          {registriesText.showLeft}
        </Button>
        <Button
          size="small"
          icon={<ArrowRightToLine aria-hidden className={icon} />}
          onClick={() => showInPane("right", endpoint)}
        >
          {registriesText.showRight}
        </Button>
        <Button
          size="small"
          icon={<SquarePen aria-hidden className={icon} />}
          onClick={() => openRegistryDialog({ kind: "edit", id: endpoint.id })}
        >
          {registriesText.edit}
        </Button>
        <Menu
          trigger={
            <IconButton
              label={registriesText.more(endpoint.name)}
              icon={<Ellipsis aria-hidden className={icon} />}
            />
          }
          groups={registryMenu(endpoint)}
        />
      </div>
    </header>
  );
}

/** The steps of the check that runs or ran last, and what to do where one failed. */
function CheckSection({ endpoint }: { readonly endpoint: Endpoint }) {
  const now = useNow();
  const check = useCheck(endpoint.id);
  const running = isChecking(check);
  const { health } = endpoint;
  // What was told live knows how long each step took; ordinary work may have learned more since.
  const live = check?.state === "done" && health.steps.length === check.steps.length;
  const steps = running || live ? (check?.steps ?? []) : health.steps;
  return (
    <Section
      title={registriesText.sections.check}
      action={
        <Button
          size="small"
          icon={running ? <X aria-hidden className={icon} /> : <RefreshCw aria-hidden className={icon} />}
          onClick={() => (running ? stopCheck(endpoint) : void checkEndpoint(endpoint))}
        >
          {running ? registriesText.cancelCheck : registriesText.checkAgain}
        </Button>
      }
    >
      <p role="status" className="text-sm">
        {running ? registriesText.checking : healthText(health, now)}
      </p>
      {check?.state === "broken" && (
        <FailureBox
          error={check.error}
          where={endpoint.name}
          onUnlocked={() => void checkEndpoint(endpoint)}
        />
      )}
      {check?.state === "cancelled" && <p className="text-xs text-muted">{registriesText.checkCancelled}</p>}
      {(steps.length > 0 || running) && <CheckSteps steps={steps} running={running} where={endpoint.name} />}
    </Section>
  );
}
