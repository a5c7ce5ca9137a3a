// The repositories that were named by hand at a registry, each with its way out.
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import type { Endpoint } from "../../../shared/endpoint.ts";
import { call } from "../../api/client.ts";
import { queryClient } from "../../api/query.ts";
import { Button, IconButton } from "../../components/button.tsx";
import { showError, showToast } from "../../components/toast.tsx";
import { detailsText } from "../../text/registry-details.ts";
import { Section } from "./section.tsx";

export function NamedSection({ endpoint: { id } }: { readonly endpoint: Endpoint }) {
  const { data } = useQuery({
    queryKey: ["repositories.named", id],
    queryFn: ({ signal }) => call("repositories.named", { endpointId: id }, signal),
    // They are typed in the panes.
    staleTime: 0,
  });
  const names = data?.names ?? [];
  if (names.length === 0) return null;
  return (
    <Section
      title={detailsText.named}
      action={
        names.length > 1 && (
          <Button size="small" onClick={() => void forget(id, names)}>
            {detailsText.forgetAll}
          </Button>
        )
      }
    >
      <p className="text-xs text-muted">{detailsText.namedHint}</p>
      <ul aria-label={detailsText.named} className="flex max-h-48 flex-col overflow-y-auto text-xs">
        {names.map((name) => (
          <li key={name} className="flex items-center justify-between gap-2">
            <span data-selectable className="truncate font-mono">
              {name}
            </span>
            <IconButton
              label={detailsText.forget(name)}
              icon={<X aria-hidden className="size-3.5" />}
              onClick={() => void forget(id, [name])}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** As many as one call takes. */
const atOnce = 1000;

async function forget(endpointId: string, names: readonly string[]): Promise<void> {
  try {
    for (let from = 0; from < names.length; from += atOnce)
      await call("repositories.forget", { endpointId, names: names.slice(from, from + atOnce) });
    showToast({ title: detailsText.forgotten(names.length) });
  } catch (thrown) {
    showError(detailsText.named, thrown);
  }
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ["repositories.named", endpointId] }),
    queryClient.invalidateQueries({ queryKey: ["repositories.list", endpointId] }),
  ]);
}
