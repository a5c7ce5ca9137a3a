// An image's configuration: what it runs, as whom, with which environment and labels; as text where it is something else.
import { type ReactNode, useState } from "react";
import type { InspectedManifest } from "../../../shared/contract.ts";
import { toFreightlinerError } from "../../../shared/errors.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../components/states.tsx";
import { Switch } from "../../components/switch.tsx";
import { When } from "../../components/when.tsx";
import type { ImageAt } from "../../state/navigation.ts";
import { commonText } from "../../text/common.ts";
import { inspectText } from "../../text/inspect.ts";
import {
  type ImageConfig,
  looksSecret,
  type NamedValue,
  readImageConfig,
  shellText,
} from "./image-config.ts";
import { JsonView } from "./json-view.tsx";
import { useImageConfig } from "./read-image.ts";

const text = inspectText.config;
/** Rows of a list that are shown at first. */
const firstRows = 60;

export function ConfigTab({
  image,
  manifest,
}: {
  readonly image: ImageAt;
  readonly manifest: InspectedManifest;
}) {
  const query = useImageConfig(manifest.config === null ? undefined : image);
  const [raw, setRaw] = useState(false);
  if (manifest.config === null) return <EmptyState title={text.none} text={text.noneHint} />;
  if (query.isError)
    return (
      <ErrorState
        error={toFreightlinerError(query.error, "image.config")}
        action={{ label: commonText.retry, onSelect: () => void query.refetch() }}
      />
    );
  if (query.data === undefined) return <LoadingRows label={inspectText.loading} />;
  const config = readImageConfig(query.data.text);
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3">
      {config === undefined ? (
        <p className="text-xs text-muted">{text.notImage}</p>
      ) : (
        <Switch label={text.raw} checked={raw} onCheckedChange={setRaw} className="self-end" />
      )}
      {config === undefined || raw ? (
        <JsonView text={query.data.text} label={inspectText.json.configLabel} />
      ) : (
        <Configuration config={config} />
      )}
    </div>
  );
}

function Configuration({ config }: { readonly config: ImageConfig }) {
  const [typed, setTyped] = useState("");
  const created = config.created === null ? Number.NaN : Date.parse(config.created);
  const single: readonly (readonly [string, ReactNode])[] = [
    [text.created, Number.isNaN(created) ? null : <When key="created" at={created} />],
    [text.author, config.author],
    [text.platform, config.platform],
    [text.entrypoint, words(config.entrypoint)],
    [text.cmd, words(config.cmd)],
    [text.user, config.user],
    [text.workingDir, config.workingDir],
    [text.stopSignal, config.stopSignal],
    [text.ports, config.ports.join(", ") || null],
    [text.volumes, config.volumes.join(", ") || null],
  ];
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto">
      <section aria-label={text.general}>
        <dl className="grid grid-cols-[9rem_minmax(0,1fr)] gap-x-3 text-xs">
          {single
            .filter(([, value]) => value !== null)
            .map(([name, value]) => (
              <Row key={name} name={name}>
                {value}
              </Row>
            ))}
        </dl>
      </section>
      {config.env.length + config.labels.length > 6 && (
        <SearchField
          label={text.filter}
          placeholder={text.filter}
          value={typed}
          onValueChange={setTyped}
          className="w-72"
        />
      )}
      <ValueList title={text.env} values={config.env} needle={typed} />
      <ValueList title={text.labels} values={config.labels} needle={typed} />
    </div>
  );
}

function words(list: readonly string[]): ReactNode {
  return list.length === 0 ? null : <code className="font-mono">{shellText(list)}</code>;
}

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="py-1 text-muted">{name}</dt>
      <dd data-selectable className="min-w-0 py-1 break-words">
        {children}
      </dd>
    </>
  );
}

function ValueList(props: {
  readonly title: string;
  readonly values: readonly NamedValue[];
  readonly needle: string;
}) {
  const [all, setAll] = useState(false);
  const needle = props.needle.trim().toLowerCase();
  const matching = props.values.filter(({ name, value }) =>
    `${name}=${value}`.toLowerCase().includes(needle),
  );
  const shown = all ? matching : matching.slice(0, firstRows);
  return (
    <section aria-label={props.title}>
      <h3 className="pb-1 text-xs font-medium">
        {props.title} <span className="font-normal text-muted">{props.values.length}</span>
      </h3>
      {matching.length === 0 && (
        <p className="text-xs text-muted">{props.values.length === 0 ? text.empty : text.noMatch}</p>
      )}
      <ul className="divide-y divide-line border-y border-line empty:hidden">
        {shown.map((pair, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a name may stand there twice
          <ValueRow key={at} pair={pair} />
        ))}
      </ul>
      {shown.length < matching.length && (
        <Button size="small" className="mt-2" onClick={() => setAll(true)}>
          {text.showAll(matching.length)}
        </Button>
      )}
    </section>
  );
}

function ValueRow({ pair }: { readonly pair: NamedValue }) {
  const secret = looksSecret(pair);
  return (
    <li className="grid grid-cols-[minmax(8rem,16rem)_minmax(0,1fr)_auto] items-start gap-x-3 py-1 text-xs">
      <span data-selectable className="pt-1 font-mono break-all">
        {pair.name}
      </span>
      <span className="pt-1">
        <span data-selectable className="font-mono break-all text-muted">
          {pair.value}
        </span>
        {secret && (
          <Badge tone="warn" className="ml-2">
            {text.secret}
          </Badge>
        )}
      </span>
      <CopyButton label={secret ? text.copySecret(pair.name) : text.copyValue(pair.name)} text={pair.value} />
    </li>
  );
}
