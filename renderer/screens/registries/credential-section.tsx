// Who signs in at a registry: where that comes from and lies, when it ends, what is wrong with it, and who else there is.
import { KeyRound, LogOut } from "lucide-react";
import type { CredentialFacts, Endpoint } from "../../../shared/endpoint.ts";
import { StatusIcon } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { useNow } from "../../components/when.tsx";
import { chooseRegistry } from "../../state/chosen-registry.ts";
import { useCapabilities } from "../../state/connection.ts";
import { useEndpoints } from "../../state/endpoints.ts";
import { checkEndpoint, forgetSignIn } from "../../state/registries.ts";
import { openRegistryDialog } from "../../state/registry-dialogs.ts";
import { useSecrets } from "../../state/secrets.ts";
import { credentialText, registriesText, secretPlace } from "../../text/registries.ts";
import { detailsText, expiryText, problemAdvice } from "../../text/registry-details.ts";
import { Facts } from "./registry-settings.tsx";
import { Section } from "./section.tsx";
import { UnlockButton } from "./unlock-button.tsx";

const icon = "size-3.5";

/** True where this program itself keeps what was entered: that can be taken away again. */
export function isOurs({ source }: CredentialFacts): boolean {
  return source === "entered" || source === "saved";
}

export function CredentialSection({ endpoint }: { readonly endpoint: Endpoint }) {
  const capabilities = useCapabilities();
  const secrets = useSecrets(({ status }) => status);
  const place = secretPlace(secrets?.place, capabilities?.platform ?? "");
  const { credential } = endpoint;
  const known = credential.source !== "none";
  return (
    <Section
      title={registriesText.sections.signIn}
      action={
        <span className="flex gap-2">
          {isOurs(credential) && (
            <Button
              size="small"
              icon={<LogOut aria-hidden className={icon} />}
              onClick={() => void forgetSignIn(endpoint)}
            >
              {registriesText.forget}
            </Button>
          )}
          <Button
            size="small"
            variant={endpoint.health.state === "needs-sign-in" ? "primary" : "secondary"}
            icon={<KeyRound aria-hidden className={icon} />}
            onClick={() => openRegistryDialog({ kind: "sign-in", id: endpoint.id })}
          >
            {known ? registriesText.signInAgain : registriesText.signIn}
          </Button>
        </span>
      }
    >
      <p className="text-sm">{credentialText(endpoint, place)}</p>
      <CredentialFactsList credential={credential} />
      {credential.problem !== null && <Problem endpoint={endpoint} />}
      <Others endpoint={endpoint} />
    </Section>
  );
}

function CredentialFactsList({ credential }: { readonly credential: CredentialFacts }) {
  const now = useNow();
  const { place, expiresAt, source } = credential;
  // What lies with us is said in words above.
  const facts: (readonly [string, string, boolean?])[] = [
    ...(place === null || isOurs(credential) ? [] : [[detailsText.place, place] as const]),
    ...(expiresAt === null
      ? []
      : [[detailsText.ends, expiryText(expiresAt, source, now), expiresAt <= now] as const]),
  ];
  return facts.length === 0 ? null : <Facts facts={facts} />;
}

function Problem({ endpoint }: { readonly endpoint: Endpoint }) {
  const { problem, source } = endpoint.credential;
  const locked = useSecrets(({ status }) => status?.locked === true) && source === "saved";
  return (
    <div role="alert" className="flex gap-2 rounded-md border border-line bg-sunken p-3 text-xs">
      <StatusIcon kind="bad" className="pt-px" />
      <div className="flex min-w-0 flex-col gap-1.5">
        <p data-selectable className="break-words">
          {problem}
        </p>
        {locked ? (
          <UnlockButton onUnlocked={() => void checkEndpoint(endpoint)} />
        ) : (
          <p className="text-muted">{problemAdvice(source)}</p>
        )}
      </div>
    </div>
  );
}

/** Several accounts at one host are several registries of the list. */
function Others({ endpoint }: { readonly endpoint: Endpoint }) {
  const endpoints = useEndpoints((state) => state.endpoints);
  const { settings } = endpoint;
  if (settings.kind !== "registry") return null;
  const others = endpoints.filter(
    (other) =>
      other.id !== endpoint.id && other.settings.kind === "registry" && other.settings.host === settings.host,
  );
  if (others.length === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-2 text-xs">
      <span className="text-muted">{detailsText.others}</span>
      {others.map((other) => (
        <Button
          key={other.id}
          size="small"
          aria-label={detailsText.showOther(other.name)}
          onClick={() => chooseRegistry(other.id)}
        >
          {other.credential.username === null ? other.name : `${other.name} (${other.credential.username})`}
        </Button>
      ))}
    </div>
  );
}
