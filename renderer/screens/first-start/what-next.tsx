// After the very first transfer that arrived: one line that says so and what can be done next.
import { CircleCheck, X } from "lucide-react";
import { Button, IconButton } from "../../components/button.tsx";
import { endFirstSteps, useFirstSteps } from "../../state/first-steps.ts";
import { showScreen } from "../../state/navigation.ts";
import { setCompare } from "../../state/panes.ts";
import { openRegistryDialog } from "../../state/registry-dialogs.ts";
import { whatNextText as text } from "../../text/first-start.ts";

export function WhatNext() {
  if (useFirstSteps() !== "arrived") return null;
  const then = (next: () => void) => (): void => {
    next();
    endFirstSteps();
  };
  const compare = (): void => {
    showScreen("transfer");
    setCompare({ on: true, only: "differences" });
  };
  return (
    <section
      aria-label={text.label}
      className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 border-t border-line bg-ok-soft px-4 py-1.5 text-sm"
    >
      <CircleCheck aria-hidden className="size-4 text-ok" />
      <p role="status" className="mr-auto">
        {text.title}
      </p>
      <Button size="small" onClick={then(compare)}>
        {text.compare}
      </Button>
      <Button size="small" onClick={then(() => showScreen("jobs"))}>
        {text.jobs}
      </Button>
      <Button size="small" onClick={then(() => openRegistryDialog({ kind: "add" }))}>
        {text.add}
      </Button>
      <IconButton
        label={text.dismiss}
        icon={<X aria-hidden className="size-3.5" />}
        onClick={endFirstSteps}
      />
    </section>
  );
}
