// What a registry turned out to do, with the date of its probe.
import { ScanSearch } from "lucide-react";
import type { Endpoint, RegistryCapability } from "../../../shared/endpoint.ts";
import { StatusIcon, type StatusKind } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { When } from "../../components/when.tsx";
import { openRegistryDialog } from "../../state/registry-dialogs.ts";
import { answerWords, capabilityWords, detailsText } from "../../text/registry-details.ts";
import { Section } from "./section.tsx";

const icons: Readonly<Record<RegistryCapability["answer"], StatusKind>> = {
  yes: "ok",
  no: "off",
  unknown: "warn",
  "not-tested": "waiting",
};

export function CapabilitiesSection({ endpoint }: { readonly endpoint: Endpoint }) {
  const { capabilities: report } = endpoint;
  return (
    <Section
      title={detailsText.capabilities}
      action={
        <Button
          size="small"
          icon={<ScanSearch aria-hidden className="size-3.5" />}
          onClick={() => openRegistryDialog({ kind: "probe", id: endpoint.id })}
        >
          {report === null ? detailsText.probe : detailsText.probeAgain}
        </Button>
      }
    >
      {report === null ? (
        <p className="text-xs text-muted">{detailsText.neverProbed}</p>
      ) : (
        <>
          <p className="text-xs text-muted">
            {detailsText.probed} <When at={report.probedAt} />,{" "}
            {report.repository === null ? detailsText.wroteNothing : detailsText.wroteTo(report.repository)}
          </p>
          <Capabilities capabilities={report.capabilities} />
        </>
      )}
    </Section>
  );
}

function Capabilities({ capabilities }: { readonly capabilities: readonly RegistryCapability[] }) {
  const { columns } = detailsText;
  return (
    <table
      aria-label={detailsText.capabilities}
      className="w-full table-fixed border-collapse text-left text-xs"
    >
      <colgroup>
        <col className="w-40" />
        <col className="w-24" />
        <col />
      </colgroup>
      <thead className="hidden-text">
        <tr>
          <th scope="col">{columns.name}</th>
          <th scope="col">{columns.answer}</th>
          <th scope="col">{columns.text}</th>
        </tr>
      </thead>
      <tbody>
        {capabilities.map(({ name, answer, text }) => (
          <tr key={name} className="border-t border-line align-top">
            <th scope="row" className="py-1 pr-2 font-normal">
              {capabilityWords[name]}
            </th>
            <td className="py-1 pr-2">
              <span className="flex items-center gap-1.5">
                <StatusIcon kind={icons[answer]} />
                {answerWords[answer]}
              </span>
            </td>
            <td data-selectable className="py-1 break-words text-muted">
              {text}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
