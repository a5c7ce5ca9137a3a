// Diagnostics: the bundle for a bug report, looked at before it leaves, with names taken out as chosen.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { showError, showToast } from "../../components/toast.tsx";
import { Checkbox } from "../../components/toggle.tsx";
import { writeText } from "../../state/clipboard.ts";
import { saveFile } from "../../state/save-file.ts";
import { diagnosticsText } from "../../text/settings.ts";
import { Section } from "./section.tsx";
import { SettingRow } from "./setting-row.tsx";

export function DiagnosticsSection() {
  const [open, setOpen] = useState(false);
  return (
    <Section name="diagnostics">
      <SettingRow name="diagnostics">
        <Button onClick={() => setOpen(true)}>{diagnosticsText.open}</Button>
        {open && <Bundle onClose={() => setOpen(false)} />}
      </SettingRow>
    </Section>
  );
}

function Bundle({ onClose }: { readonly onClose: () => void }) {
  const [hideNames, setHideNames] = useState(true);
  const { data, error } = useQuery({
    queryKey: ["diagnostics.preview", hideNames],
    queryFn: ({ signal }) => call("diagnostics.preview", { hideNames }, signal),
    // What is shown is what is saved: made when the dialog opens, and not kept after.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const copy = (text: string): void =>
    void writeText(text).then(
      () => showToast({ title: diagnosticsText.copied, tone: "ok" }),
      (thrown: unknown) => showError(diagnosticsText.copy, thrown),
    );
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={diagnosticsText.title}
      description={diagnosticsText.description}
      width="large"
      foot={
        <>
          <Button disabled={data === undefined} onClick={() => data !== undefined && copy(data.text)}>
            {diagnosticsText.copy}
          </Button>
          <Button
            variant="primary"
            disabled={data === undefined}
            onClick={() => data !== undefined && saveFile({ ...data, mediaType: "text/plain" })}
          >
            {diagnosticsText.save}
          </Button>
        </>
      }
    >
      <Checkbox
        label={diagnosticsText.hideNames}
        hint={diagnosticsText.hideNamesHint}
        checked={hideNames}
        onCheckedChange={setHideNames}
      />
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
        aria-label={diagnosticsText.text}
        className="mt-3 h-[46vh] overflow-auto rounded-md border border-line bg-sunken p-3"
      >
        <pre data-selectable className="font-mono text-xs whitespace-pre-wrap">
          {error?.message ?? data?.text ?? diagnosticsText.loading}
        </pre>
      </section>
    </Dialog>
  );
}
