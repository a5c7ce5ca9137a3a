// What a comparison of two images says: in a sentence, part by part, layer by layer, setting by setting.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ComparedImage } from "../../../shared/compare.ts";
import type { InspectedManifest } from "../../../shared/contract.ts";
import { toFreightlinerError } from "../../../shared/errors.ts";
import { call } from "../../api/client.ts";
import { StatusIcon } from "../../components/badge.tsx";
import { Select } from "../../components/select.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../components/states.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { useBytes } from "../../state/formats.ts";
import type { ImageAt } from "../../state/navigation.ts";
import { commonText } from "../../text/common.ts";
import { compareText } from "../../text/inspect.ts";
import { useImage } from "../inspect/read-image.ts";
import type { ComparedEnds } from "./compared-ends.ts";
import { ConfigDiff } from "./config-diff.tsx";
import { LayerDiff } from "./layer-diff.tsx";
import { PartsList } from "./parts-list.tsx";

type TabName = keyof typeof compareText.tabs;

export function Comparison(ends: ComparedEnds) {
  const { source, destination } = ends;
  const query = useQuery({
    queryKey: ["compare.image", source, destination],
    queryFn: ({ signal }) =>
      call("compare.image", { source: at(source), destination: at(destination) }, signal),
  });
  const [tab, setTab] = useState<TabName>("parts");
  if (query.isError)
    return (
      <ErrorState
        error={toFreightlinerError(query.error, "compare.image")}
        action={{ label: commonText.retry, onSelect: () => void query.refetch() }}
      />
    );
  if (query.data === undefined) return <LoadingRows label={compareText.loading} />;
  const both = query.data.sourceDigest !== null && query.data.destinationDigest !== null;
  return (
    <>
      <Verdict compared={query.data} />
      <Tabs
        label={compareText.title}
        value={tab}
        onValueChange={setTab}
        tabs={[
          { value: "parts", label: compareText.tabs.parts, panel: <PartsList parts={query.data.parts} /> },
          {
            value: "layers",
            label: compareText.tabs.layers,
            panel: both ? <PerPlatform ends={ends} show="layers" /> : <Unreadable />,
          },
          {
            value: "config",
            label: compareText.tabs.config,
            panel: both ? <PerPlatform ends={ends} show="config" /> : <Unreadable />,
          },
        ]}
      />
    </>
  );
}

function at({ endpointId, repository, reference }: ImageAt): ImageAt {
  return { endpointId, repository, reference };
}

function Unreadable() {
  return <EmptyState title={compareText.unreadable} />;
}

function Verdict({ compared }: { readonly compared: ComparedImage }) {
  const bytes = useBytes();
  const { equal, parts, sourceDigest, destinationDigest } = compared;
  const sum = (where: "both" | "source" | "destination"): string =>
    bytes(parts.reduce((total, part) => total + (part.at === where ? part.size : 0), 0));
  const only = parts.filter((part) => part.at !== "both").length;
  const { sides } = compareText;
  const sentence = equal
    ? compareText.equal
    : sourceDigest === null
      ? compareText.missing(sides.source)
      : destinationDigest === null
        ? compareText.missing(sides.destination)
        : compareText.differ(only);
  return (
    <div role="status" className="flex shrink-0 items-center gap-2 text-sm">
      <StatusIcon kind={equal ? "ok" : "warn"} />
      <span className="font-medium">{sentence}</span>
      <span className="text-xs text-muted">
        {compareText.counts(sum("both"), sum("source"), sum("destination"))}
      </span>
    </div>
  );
}

/** Layers and configurations belong to one platform's image: of an index, one is chosen. */
function PerPlatform({ ends, show }: { readonly ends: ComparedEnds; readonly show: "layers" | "config" }) {
  const [source, destination] = [useImage(at(ends.source)), useImage(at(ends.destination))];
  const [chosen, setChosen] = useState<string>();
  const error = source.error ?? destination.error;
  if (error !== null) return <ErrorState error={toFreightlinerError(error, "image.inspect")} />;
  if (source.data === undefined || destination.data === undefined)
    return <LoadingRows label={compareText.loading} />;
  const platforms = platformsOf([...source.data.children, ...destination.data.children]);
  const platform = chosen ?? platforms[0] ?? "";
  const [mine, other] = [imageFor(source.data, platform), imageFor(destination.data, platform)];
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 pt-3">
      {platforms.length > 0 && (
        <Select
          label={compareText.platform}
          value={platform}
          options={platforms.map((name) => ({ value: name, label: name }))}
          onValueChange={setChosen}
          className="w-64"
        />
      )}
      {mine === undefined || other === undefined ? (
        <Unreadable />
      ) : show === "layers" ? (
        <LayerDiff source={mine.layers} destination={other.layers} />
      ) : (
        <ConfigDiff
          source={{ ...at(ends.source), reference: mine.digest }}
          destination={{ ...at(ends.destination), reference: other.digest }}
        />
      )}
    </div>
  );
}

function platformsOf(manifests: readonly InspectedManifest[]): readonly string[] {
  const names = manifests.flatMap(({ platform, kind }) =>
    platform === null || kind !== "image" ? [] : [platform],
  );
  return [...new Set(names)].filter((name) => !name.startsWith("unknown/"));
}

/** A plain image stands for every platform: it is the only one that its side has. */
function imageFor(
  image: { readonly root: InspectedManifest; readonly children: readonly InspectedManifest[] },
  platform: string,
): InspectedManifest | undefined {
  return image.root.kind === "image"
    ? image.root
    : image.children.find((child) => child.platform === platform && child.kind === "image");
}
