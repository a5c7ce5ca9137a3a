// What this machine knows of a host while it is typed: a sign-in, certificates, a proxy, mirrors, or that it is blocked.
import { StatusIcon } from "../../components/badge.tsx";
import type { HostHints } from "../../state/registry-hints.ts";
import { hintsText } from "../../text/registry-form.ts";
import { Facts } from "./registry-settings.tsx";

export function HostHintsView({ hints }: { readonly hints: HostHints | undefined }) {
  const facts = hints === undefined ? [] : factsOf(hints);
  const warnings = hints === undefined ? [] : warningsOf(hints);
  return (
    <div role="status" aria-label={hintsText.title} className="empty:hidden">
      {(facts.length > 0 || warnings.length > 0) && (
        <div className="flex flex-col gap-1.5 rounded-md bg-sunken px-3 py-2 text-xs">
          <p className="font-medium">{hintsText.title}</p>
          {facts.length > 0 && <Facts facts={facts} />}
          {warnings.map((warning) => (
            <p key={warning} className="flex gap-1.5">
              <StatusIcon kind="warn" className="pt-px" />
              <span data-selectable className="min-w-0 break-words">
                {warning}
              </span>
            </p>
          ))}
        </div>
      )}
    </div>
  );
}

function factsOf({ credential, certFolders, proxy, mirrors }: HostHints): readonly [string, string][] {
  return [
    ...(credential.source === "none"
      ? []
      : [[hintsText.credential, hintsText.credentialOf(credential)] as [string, string]]),
    ...(certFolders.length === 0
      ? []
      : [
          [
            hintsText.certificates,
            certFolders
              .map(({ path, authorities, client }) => hintsText.folder(path, authorities, client))
              .join("; "),
          ] as [string, string],
        ]),
    ...(proxy === null ? [] : [[hintsText.proxy, proxy] as [string, string]]),
    ...(mirrors.length === 0
      ? []
      : [[hintsText.mirrors, hintsText.mirrorsNamed(mirrors.length)] as [string, string]]),
  ];
}

function warningsOf({ blocked, credential, problems }: HostHints): readonly string[] {
  return [
    ...(blocked ? [hintsText.blocked] : []),
    ...(credential.problem === null ? [] : [credential.problem]),
    ...problems.map(({ file, text }) => hintsText.problem(file, text)),
  ];
}
