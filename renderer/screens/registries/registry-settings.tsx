// A registry's settings in words; red where they weaken the connection.
import type { EndpointSettings } from "../../../shared/endpoint.ts";
import { useSpeed } from "../../state/formats.ts";
import { certificateText, encryptionText, registriesText } from "../../text/registries.ts";
import { isLoopback } from "./parse-address.ts";

export function RegistrySettings({
  settings,
}: {
  readonly settings: EndpointSettings & { readonly kind: "registry" };
}) {
  const speed = useSpeed();
  const text = registriesText.settings;
  const { connections, adaptive, bandwidth, trustedTokenHosts } = settings;
  return (
    <Facts
      facts={[
        [
          text.encryption,
          encryptionText(settings),
          settings.plainHttp === "always" && !isLoopback(settings.host),
        ],
        ...(settings.plainHttp === "always"
          ? []
          : [[text.certificate, certificateText(settings), settings.insecureSkipVerify] as const]),
        [text.connections, text.connectionsText(connections, adaptive !== false)],
        [text.bandwidth, bandwidth == null ? registriesText.noBandwidth : speed(bandwidth)],
        ...(trustedTokenHosts.length === 0 ? [] : [[text.tokenHosts, trustedTokenHosts.join(", ")] as const]),
      ]}
    />
  );
}

export function Facts({
  facts,
}: {
  /** Name, value, and whether it is to be red. */
  readonly facts: readonly (readonly [string, string, boolean?])[];
}) {
  return (
    <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-2 gap-y-1 text-xs">
      {facts.map(([name, value, bad = false]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd data-selectable className={`break-words ${bad ? "font-medium text-bad" : ""}`}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
