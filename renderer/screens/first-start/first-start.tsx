// The first start, while there is no endpoint: samples to try it with, three ways to one's own registries, and how it goes.
import { Download, FolderOpen, Play, Server } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { call } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { showError } from "../../components/toast.tsx";
import { rememberEndpoint } from "../../state/endpoints.ts";
import { expectFirstTransfer } from "../../state/first-steps.ts";
import { openRegistryDialog } from "../../state/registry-dialogs.ts";
import { firstStartText as text } from "../../text/first-start.ts";

const icon = "size-5";

export function FirstStart() {
  useEffect(expectFirstTransfer, []);
  return (
    <section
      aria-label={text.title}
      className="flex h-full min-h-0 flex-col items-center overflow-y-auto bg-canvas p-6"
    >
      <div className="my-auto flex w-full max-w-220 flex-col gap-6">
        <header className="text-center">
          <h2 className="text-xl font-semibold">{text.title}</h2>
          <p className="mx-auto mt-2 max-w-136 text-sm text-muted">{text.lead}</p>
        </header>
        <section aria-label={text.ways} className="flex flex-col gap-4">
          <Samples />
          <div className="grid grid-cols-3 gap-4">
            <Way
              icon={<Server aria-hidden className={icon} />}
              words={text.add}
              onSelect={() => openRegistryDialog({ kind: "add" })}
            />
            <Way
              icon={<Download aria-hidden className={icon} />}
              words={text.import}
              onSelect={() => openRegistryDialog({ kind: "import" })}
            />
            <Way
              icon={<FolderOpen aria-hidden className={icon} />}
              words={text.folder}
              onSelect={() => openRegistryDialog({ kind: "add", folder: true })}
            />
          </div>
        </section>
        <Steps />
      </div>
    </section>
  );
}

function Samples() {
  const [starting, setStarting] = useState(false);
  const start = async (): Promise<void> => {
    setStarting(true);
    try {
      const { endpoints } = await call("samples.start", {});
      for (const endpoint of endpoints) rememberEndpoint(endpoint);
    } catch (thrown) {
      showError(text.samples.title, thrown);
      setStarting(false);
    }
  };
  return (
    <div className="flex items-center gap-4 rounded-lg border border-line bg-surface p-5">
      <span className="text-accent">
        <Play aria-hidden className={icon} />
      </span>
      <div className="min-w-0 flex-1">
        <h3 className="text-base font-semibold">{text.samples.title}</h3>
        <p className="mt-1 text-sm text-muted">{text.samples.text}</p>
      </div>
      <Button variant="primary" disabled={starting} onClick={() => void start()}>
        {starting ? text.samples.busy : text.samples.button}
      </Button>
    </div>
  );
}

function Way({
  icon: shape,
  words,
  onSelect,
}: {
  readonly icon: ReactNode;
  readonly words: { readonly title: string; readonly text: string; readonly button: string };
  readonly onSelect: () => void;
}) {
  return (
    <div className="flex flex-col items-start gap-2 rounded-lg border border-line bg-surface p-5">
      <span className="text-accent">{shape}</span>
      <h3 className="text-base font-semibold">{words.title}</h3>
      <p className="mb-2 flex-1 text-sm text-muted">{words.text}</p>
      <Button onClick={onSelect}>{words.button}</Button>
    </div>
  );
}

function Steps() {
  return (
    <section aria-label={text.stepsTitle}>
      <h3 className="mb-2 text-center text-xs font-semibold text-muted">{text.stepsTitle}</h3>
      <ol className="grid grid-cols-3 gap-4">
        {text.steps.map((step, index) => (
          <li key={step.title} className="flex gap-3 px-5">
            <span
              aria-hidden
              className="flex size-6 shrink-0 items-center justify-center rounded-full border border-line-strong text-xs text-muted"
            >
              {index + 1}
            </span>
            <div>
              <p className="text-sm font-medium">{step.title}</p>
              <p className="text-xs text-muted">{step.text}</p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
