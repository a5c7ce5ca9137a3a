// The first start, while there is no endpoint: add a registry, open a folder, or try it with samples.
import { FolderOpen, Play, Server } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Endpoint } from "../../../shared/endpoint.ts";
import { call } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { showError } from "../../components/toast.tsx";
import { rememberEndpoint } from "../../state/endpoints.ts";
import { firstStartText as text } from "../../text/registries.ts";
import { AddRegistryDialog } from "../registries/add-registry-dialog.tsx";

export interface FirstStartProps {
  /** Called with what there is now to look at: the two samples, or what was added. */
  readonly onReady?: (endpoints: readonly Endpoint[]) => void;
}

export function FirstStart({ onReady }: FirstStartProps) {
  const [adding, setAdding] = useState<"registry" | "layout">();
  const [starting, setStarting] = useState(false);
  const startSamples = async (): Promise<void> => {
    setStarting(true);
    try {
      const { endpoints } = await call("samples.start", {});
      onReady?.(endpoints);
      for (const endpoint of endpoints) rememberEndpoint(endpoint);
    } catch (thrown) {
      showError(text.samples.title, thrown);
      setStarting(false);
    }
  };
  return (
    <section
      aria-label={text.title}
      className="flex h-full min-h-0 flex-col items-center overflow-y-auto bg-canvas p-6"
    >
      <div className="my-auto flex w-full max-w-220 flex-col gap-6">
        <header className="text-center">
          <h1 className="text-xl font-semibold">{text.title}</h1>
          <p className="mx-auto mt-2 max-w-136 text-sm text-muted">{text.lead}</p>
        </header>
        <div className="grid grid-cols-3 gap-4">
          <Choice
            icon={<Play aria-hidden className="size-5" />}
            title={text.samples.title}
            text={text.samples.text}
          >
            <Button variant="primary" disabled={starting} onClick={() => void startSamples()}>
              {starting ? text.samples.busy : text.samples.button}
            </Button>
          </Choice>
          <Choice
            icon={<Server aria-hidden className="size-5" />}
            title={text.add.title}
            text={text.add.text}
          >
            <Button onClick={() => setAdding("registry")}>{text.add.button}</Button>
          </Choice>
          <Choice
            icon={<FolderOpen aria-hidden className="size-5" />}
            title={text.folder.title}
            text={text.folder.text}
          >
            <Button onClick={() => setAdding("layout")}>{text.folder.button}</Button>
          </Choice>
        </div>
      </div>
      <AddRegistryDialog
        open={adding !== undefined}
        onOpenChange={(open) => !open && setAdding(undefined)}
        kind={adding ?? "registry"}
        onAdded={(endpoint) => onReady?.([endpoint])}
      />
    </section>
  );
}

function Choice({
  icon,
  title,
  text,
  children,
}: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="flex flex-col items-start gap-2 rounded-lg border border-line bg-surface p-5">
      <span className="text-accent">{icon}</span>
      <h2 className="text-base font-semibold">{title}</h2>
      <p className="mb-2 flex-1 text-sm text-muted">{text}</p>
      {children}
    </div>
  );
}
