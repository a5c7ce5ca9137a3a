// A registry's settings in words; red where they weaken the connection.
import type { EndpointSettings } from "../../../shared/endpoint.ts";
import { useSpeed } from "../../state/formats.ts";
import { certificateText, encryptionText, registriesText } from "../../text/registries.ts";
import { detailsText } from "../../text/registry-details.ts";
import { kindWords } from "../../text/registry-kinds.ts";
import { isLoopback } from "./parse-address.ts";

type RegistrySettingsOf = EndpointSettings & { readonly kind: "registry" };

export function RegistrySettings({ settings }: { readonly settings: RegistrySettingsOf }) {
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
        ...unusual(settings),
        [text.connections, text.connectionsText(connections, adaptive !== false)],
        [text.bandwidth, bandwidth == null ? registriesText.noBandwidth : speed(bandwidth)],
        ...(trustedTokenHosts.length === 0 ? [] : [[text.tokenHosts, trustedTokenHosts.join(", ")] as const]),
      ]}
    />
  );
}

/** What most registries have no word about. */
function unusual(settings: RegistrySettingsOf): readonly (readonly [string, string])[] {
  const { provider, apiUrl, tls13Only, clientCertFile, pins, mirrors, createRepositories } = settings;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [detailsText.product, provider === undefined ? undefined : detailsText.byHand(kindWords[provider].name)],
    [detailsText.apiUrl, apiUrl],
    [detailsText.tls13, tls13Only === true ? detailsText.tls13Text : undefined],
    [detailsText.client, clientCertFile],
    [detailsText.pins, pins?.join(", ")],
    [detailsText.proxy, proxyText(settings)],
    [detailsText.mirrors, mirrors?.map(({ location }) => location).join(", ")],
    [detailsText.repositories, createRepositories === false ? detailsText.notMade : undefined],
  ];
  return facts.filter((fact): fact is readonly [string, string] => fact[1] !== undefined && fact[1] !== "");
}

function proxyText({ proxy, proxySignIn }: RegistrySettingsOf): string | undefined {
  if (proxy === undefined) return undefined;
  if (proxy === "none") return detailsText.noProxy;
  return proxySignIn === true ? detailsText.proxySignIn(proxy) : proxy;
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
