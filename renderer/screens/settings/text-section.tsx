// All settings as JSON: to be read, kept, changed and brought from elsewhere.
import { useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { showError, showToast } from "../../components/toast.tsx";
import { writeText } from "../../state/clipboard.ts";
import { saveFile } from "../../state/save-file.ts";
import { setSetting, useSettings } from "../../state/settings.ts";
import { jsonText } from "../../text/settings.ts";
import { Section } from "./section.tsx";
import { SettingRow } from "./setting-row.tsx";
import { changesTo, readSettingsText, settingsAsText } from "./settings-json.ts";

export function TextSection() {
  return (
    <Section name="text">
      <SettingRow name="settingsText" stacked>
        <Editor />
      </SettingRow>
    </Section>
  );
}

function Editor() {
  const values = useSettings((state) => state.values);
  const current = settingsAsText(values);
  /** Undefined while nothing was changed here: the text follows the settings. */
  const [draft, setDraft] = useState<string>();
  const file = useRef<HTMLInputElement>(null);
  const text = draft ?? current;
  const read = draft === undefined ? undefined : readSettingsText(draft);
  const problems = read?.problems ?? [];
  const apply = (): void => {
    if (read?.values === undefined) return;
    const count = applyValues(read.values, values);
    setDraft(undefined);
    showToast({
      title: count === 0 ? jsonText.unchanged : jsonText.applied(count),
      ...(count === 0 ? {} : { undo: () => void applyValues(values, useSettings.getState().values) }),
    });
  };
  const copy = (): void =>
    void writeText(text).then(
      () => showToast({ title: jsonText.copied, tone: "ok" }),
      (thrown: unknown) => showError(jsonText.copy, thrown),
    );
  const open = (chosen: File | undefined): void => {
    chosen?.text().then(setDraft, (thrown: unknown) => showError(jsonText.noFile, thrown));
  };
  return (
    <div className="flex flex-col gap-2">
      <p id="settings-text-hint" className="text-xs text-muted">
        {jsonText.hint}
      </p>
      <textarea
        aria-label={jsonText.field}
        aria-describedby="settings-text-hint settings-text-problems"
        aria-invalid={problems.length > 0}
        spellCheck={false}
        rows={Math.min(18, Math.max(5, text.split("\n").length))}
        value={text}
        onChange={(event) => setDraft(event.target.value)}
        className="w-full resize-y rounded-md border border-control bg-surface p-3 font-mono text-xs text-text focus-visible:outline-2 focus-visible:outline-accent aria-invalid:border-bad"
      />
      <ul id="settings-text-problems" aria-live="polite" className="text-xs text-bad">
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button size="small" onClick={copy}>
          {jsonText.copy}
        </Button>
        <Button
          size="small"
          onClick={() =>
            saveFile({ fileName: "freightliner-settings.json", mediaType: "application/json", text })
          }
        >
          {jsonText.save}
        </Button>
        <Button size="small" onClick={() => file.current?.click()}>
          {jsonText.load}
        </Button>
        <input
          ref={file}
          type="file"
          accept=".json,application/json"
          aria-label={jsonText.load}
          className="hidden"
          onChange={(event) => {
            open(event.target.files?.[0]);
            // The same file can be chosen again after it was changed.
            event.target.value = "";
          }}
        />
        {draft !== undefined && (
          <span className="ml-auto flex gap-2">
            <Button size="small" variant="quiet" onClick={() => setDraft(undefined)}>
              {jsonText.back}
            </Button>
            <Button size="small" variant="primary" disabled={read?.values === undefined} onClick={apply}>
              {jsonText.apply}
            </Button>
          </span>
        )}
      </div>
    </div>
  );
}

/** Returns how many settings it changed. */
function applyValues(
  wanted: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): number {
  const changes = changesTo(wanted, now);
  for (const [key, value] of changes) setSetting<string>(key, value);
  return changes.length;
}
