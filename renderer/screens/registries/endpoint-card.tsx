// One saved registry or folder: its health with the last check, its sign-in, and its actions.
import { Ellipsis, KeyRound, LogOut, Pencil, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { type Endpoint, endpointAddress } from "../../../shared/endpoint.ts";
import { Badge } from "../../components/badge.tsx";
import { Button, IconButton } from "../../components/button.tsx";
import { HealthDot } from "../../components/health-dot.tsx";
import { Menu, type MenuGroups } from "../../components/menu.tsx";
import { checkEndpoint, forgetSignIn, isPlainHttp } from "../../state/registries.ts";
import { credentialText, healthText, registriesText } from "../../text/registries.ts";
import { CheckSteps } from "./check-steps.tsx";

const icon = "size-3.5";

export function EndpointCard({
  endpoint,
  now,
  onAsk,
}: {
  readonly endpoint: Endpoint;
  readonly now: number;
  readonly onAsk: (what: "sign-in" | "rename" | "remove") => void;
}) {
  const [checking, setChecking] = useState(false);
  const check = (): void => {
    setChecking(true);
    void checkEndpoint(endpoint).finally(() => setChecking(false));
  };
  const { health, settings } = endpoint;
  const wrong = health.steps.filter((step) => step.outcome === "failed" || step.outcome === "warning");
  return (
    <li aria-label={endpoint.name} className="mb-2 rounded-lg border border-line bg-surface px-4 py-3">
      <div className="flex items-center gap-3">
        <HealthDot health={health} />
        <div className="min-w-0 flex-1">
          <div className="flex items-center gap-2">
            <h2 className="truncate text-base font-medium">{endpoint.name}</h2>
            {endpoint.sample && <Badge tone="info">{registriesText.sample}</Badge>}
            {settings.kind === "layout" && <Badge>{registriesText.folder}</Badge>}
            {isPlainHttp(settings) && !endpoint.sample && (
              <Badge tone="bad">{registriesText.plainHttpBadge}</Badge>
            )}
          </div>
          {endpointAddress(settings) !== endpoint.name && (
            <div data-selectable className="truncate font-mono text-xs text-muted">
              {endpointAddress(settings)}
            </div>
          )}
        </div>
        <div className="w-72 min-w-0 text-right text-xs text-muted">
          <div className="truncate">{checking ? registriesText.checking : healthText(health, now)}</div>
          {settings.kind === "registry" && (
            <div className="truncate">{credentialText(endpoint.credential)}</div>
          )}
        </div>
        {health.state === "needs-sign-in" && (
          <Button size="small" onClick={() => onAsk("sign-in")}>
            {registriesText.signIn}
          </Button>
        )}
        <IconButton
          label={registriesText.checkAgain}
          disabled={checking}
          icon={<RefreshCw aria-hidden className={icon} />}
          onClick={check}
        />
        <Menu
          trigger={
            <IconButton
              label={registriesText.more(endpoint.name)}
              icon={<Ellipsis aria-hidden className={icon} />}
            />
          }
          groups={menuOf(endpoint, onAsk)}
        />
      </div>
      {wrong.length > 0 && (
        <div className="mt-2 border-t border-line pt-2 pl-5">
          <CheckSteps steps={wrong} />
        </div>
      )}
    </li>
  );
}

function menuOf(endpoint: Endpoint, onAsk: (what: "sign-in" | "rename" | "remove") => void): MenuGroups {
  const signIn = {
    id: "sign-in",
    label: registriesText.signIn,
    icon: <KeyRound aria-hidden className={icon} />,
    onSelect: () => onAsk("sign-in"),
  };
  const forget = {
    id: "forget",
    label: registriesText.forget,
    icon: <LogOut aria-hidden className={icon} />,
    onSelect: () => void forgetSignIn(endpoint),
  };
  const entered = endpoint.credential.source === "entered";
  return [
    ...(endpoint.settings.kind === "registry" ? [[signIn, ...(entered ? [forget] : [])]] : []),
    [
      {
        id: "rename",
        label: registriesText.rename,
        icon: <Pencil aria-hidden className={icon} />,
        onSelect: () => onAsk("rename"),
      },
      {
        id: "remove",
        label: registriesText.remove,
        icon: <Trash2 aria-hidden className={icon} />,
        danger: true,
        onSelect: () => onAsk("remove"),
      },
    ],
  ];
}
