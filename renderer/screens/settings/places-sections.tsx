// How each registry is reached: what holds now, with the way to change it.
import type { ReactNode } from "react";
import { type Endpoint, endpointAddress } from "../../../shared/endpoint.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { useEndpoints } from "../../state/endpoints.ts";
import { useSpeed } from "../../state/formats.ts";
import { showScreen } from "../../state/navigation.ts";
import { placesText } from "../../text/settings.ts";
import { isLoopback } from "../registries/parse-address.ts";
import { Section } from "./section.tsx";
import { SettingRow } from "./setting-row.tsx";

export function NetworkSection() {
  const endpoints = useEndpoints((state) => state.endpoints);
  const { columns } = placesText;
  return (
    <Section name="network">
      <SettingRow name="proxies" stacked>
        {endpoints.length === 0 ? (
          <p className="text-sm text-muted">{placesText.noRegistries}</p>
        ) : (
          <table className="w-full text-left text-xs">
            <thead className="text-muted">
              <tr>
                {[columns.registry, columns.connection, columns.ca, columns.limits].map((name) => (
                  <th key={name} scope="col" className="border-b border-line py-1 pr-3 font-medium">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {endpoints.map((endpoint) => (
                <EndpointLine key={endpoint.id} endpoint={endpoint} />
              ))}
            </tbody>
          </table>
        )}
        <p className="mt-3 text-xs text-muted">{placesText.proxyNote}</p>
        <Button size="small" className="mt-3" onClick={() => showScreen("registries")}>
          {placesText.openRegistries}
        </Button>
      </SettingRow>
    </Section>
  );
}

const protocols = { never: placesText.https, auto: placesText.httpAuto, always: placesText.http } as const;

function EndpointLine({ endpoint }: { readonly endpoint: Endpoint }) {
  const speed = useSpeed();
  const { settings, name } = endpoint;
  const readOnly = settings.readOnly === true && <Badge>{placesText.readOnly}</Badge>;
  return (
    <tr>
      <Cell>
        <span className="font-medium">{name}</span>
        <span className="block text-muted">{endpointAddress(settings)}</span>
      </Cell>
      {settings.kind !== "registry" ? (
        <>
          <Cell>{placesText.folder}</Cell>
          <Cell>–</Cell>
          <Cell>{readOnly === false ? "–" : readOnly}</Cell>
        </>
      ) : (
        <>
          <Cell>
            {settings.plainHttp === "always" ? (
              <Badge tone={isLoopback(settings.host) ? "neutral" : "bad"}>{protocols.always}</Badge>
            ) : (
              protocols[settings.plainHttp]
            )}
          </Cell>
          <Cell>
            {settings.insecureSkipVerify ? (
              <Badge tone="bad">{placesText.unchecked}</Badge>
            ) : (
              (settings.caFile ?? placesText.systemCa)
            )}
          </Cell>
          <Cell>
            {placesText.requests(settings.connections)}
            {settings.bandwidth != null && ` · ${speed(settings.bandwidth)}`} {readOnly}
          </Cell>
        </>
      )}
    </tr>
  );
}

function Cell({ children }: { readonly children: ReactNode }) {
  return <td className="border-b border-line py-1.5 pr-3 align-top break-words">{children}</td>;
}
