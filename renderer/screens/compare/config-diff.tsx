// The configurations of two images, setting by setting.
import { useState } from "react";
import { toFreightlinerError } from "../../../shared/errors.ts";
import { EmptyState, ErrorState, LoadingRows } from "../../components/states.tsx";
import { Switch } from "../../components/switch.tsx";
import { compareText, inspectText } from "../../text/inspect.ts";
import { readImageConfig } from "../inspect/image-config.ts";
import { useImageConfig } from "../inspect/read-image.ts";
import { type ConfigDifference, type DiffState, diffConfigs } from "./align.ts";
import type { ComparedEnds } from "./compared-ends.ts";

const tones: Readonly<Record<DiffState, string>> = {
  same: "text-muted",
  changed: "text-warn",
  added: "text-info",
  removed: "text-info",
};
const signs: Readonly<Record<DiffState, string>> = { same: "=", changed: "≠", added: "→", removed: "←" };

export function ConfigDiff({ source, destination }: ComparedEnds) {
  const [mine, other] = [useImageConfig(source), useImageConfig(destination)];
  const [onlyDifferences, setOnlyDifferences] = useState(true);
  const error = mine.error ?? other.error;
  if (error !== null) return <ErrorState error={toFreightlinerError(error, "image.config")} />;
  if (mine.data === undefined || other.data === undefined) return <LoadingRows label={compareText.loading} />;
  const [from, to] = [readImageConfig(mine.data.text), readImageConfig(other.data.text)];
  if (from === undefined || to === undefined) return <EmptyState title={inspectText.config.notImage} />;
  const all = diffConfigs(from, to, inspectText.config);
  const rows = onlyDifferences ? all.filter(({ state }) => state !== "same") : all;
  return (
    <>
      <Switch
        label={compareText.onlyDifferences}
        checked={onlyDifferences}
        onCheckedChange={setOnlyDifferences}
      />
      {rows.length === 0 ? <EmptyState title={compareText.sameConfig} /> : <DiffTable rows={rows} />}
    </>
  );
}

function DiffTable({ rows }: { readonly rows: readonly ConfigDifference[] }) {
  const { sides } = compareText;
  const head = "h-6 px-3 text-left font-normal";
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by key
    <div className="min-h-0 flex-1 overflow-y-auto rounded-md border border-line" tabIndex={0}>
      <table className="w-full table-fixed text-xs">
        <thead className="sticky top-0 bg-sunken text-2xs text-muted">
          <tr>
            <th scope="col" className={`w-80 ${head}`}>
              {compareText.setting}
            </th>
            <th scope="col" className={`w-36 ${head}`}>
              {compareText.columns.where}
            </th>
            <th scope="col" className={head}>
              {sides.source}
            </th>
            <th scope="col" className={head}>
              {sides.destination}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} className="border-t border-line align-top">
              <th
                scope="row"
                data-selectable
                className="px-3 py-1.5 text-left font-mono font-normal break-all"
              >
                {row.name}
              </th>
              <td className={`px-3 py-1.5 ${tones[row.state]}`}>
                {signs[row.state]} {compareText.states[row.state]}
              </td>
              <Value text={row.source} />
              <Value text={row.destination} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Value({ text }: { readonly text: string | undefined }) {
  return text === undefined ? (
    <td className="px-3 py-1.5 text-muted">{compareText.notThere}</td>
  ) : (
    <td data-selectable className="px-3 py-1.5 font-mono break-all">
      {text}
    </td>
  );
}
