// An image in full: the tree of its manifests at the left, what the chosen one holds at the right.
import { useState } from "react";
import type { InspectedManifest } from "../../../shared/contract.ts";
import { CopyButton } from "../../components/copy-button.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { useBytes } from "../../state/formats.ts";
import type { ImageAt } from "../../state/navigation.ts";
import { inspectText } from "../../text/inspect.ts";
import { mediaTypeText } from "../../text/media-types.ts";
import { AttachmentsTab } from "./attachments-tab.tsx";
import { ConfigTab } from "./config-tab.tsx";
import { JsonView } from "./json-view.tsx";
import { bytesOf, sharedBytesOf } from "./layer-rows.ts";
import { LayersTab } from "./layers-tab.tsx";
import { ManifestTree } from "./manifest-tree.tsx";
import { VerifyTab } from "./verify-tab.tsx";

export interface ImageViewProps {
  readonly image: ImageAt;
  readonly root: InspectedManifest;
  readonly platforms: readonly InspectedManifest[];
  readonly onOpen: (image: ImageAt) => void;
}

type TabName = keyof typeof inspectText.tabs;

export function ImageView({ image, root, platforms, onOpen }: ImageViewProps) {
  const all = [root, ...platforms];
  // An index says little by itself: its first platform is what most people look for.
  const [chosen, setChosen] = useState(platforms[0]?.digest ?? root.digest);
  const manifest = all.find(({ digest }) => digest === chosen) ?? root;
  const [tab, setTab] = useState<TabName>("layers");
  const at: ImageAt = { ...image, reference: manifest.digest };
  const pad = "flex min-h-0 flex-1 flex-col pt-3";
  return (
    <div className="flex min-h-0 flex-1 gap-4">
      {platforms.length > 0 && (
        <ManifestTree root={root} platforms={platforms} chosen={manifest.digest} onChoose={setChosen} />
      )}
      <div className="flex min-h-0 min-w-0 flex-1 flex-col gap-2">
        <Facts manifest={manifest} platforms={platforms} isRoot={manifest === root} />
        <Tabs
          label={inspectText.title}
          value={tab}
          onValueChange={setTab}
          tabs={[
            {
              value: "layers",
              label: inspectText.tabs.layers,
              panel: (
                <div className={pad}>
                  <LayersTab key={manifest.digest} image={at} manifest={manifest} />
                </div>
              ),
            },
            {
              value: "config",
              label: inspectText.tabs.config,
              panel: (
                <div className={pad}>
                  <ConfigTab key={manifest.digest} image={at} manifest={manifest} />
                </div>
              ),
            },
            {
              value: "manifest",
              label: inspectText.tabs.manifest,
              panel: (
                <div className={pad}>
                  <JsonView
                    key={manifest.digest}
                    text={manifest.text}
                    label={inspectText.json.manifestLabel}
                  />
                </div>
              ),
            },
            {
              value: "attachments",
              label: inspectText.tabs.attachments,
              panel: (
                <div className={pad}>
                  <AttachmentsTab image={image} manifests={all} onOpen={onOpen} />
                </div>
              ),
            },
            {
              value: "verify",
              label: inspectText.tabs.verify,
              panel: (
                <div className={pad}>
                  <VerifyTab image={image} />
                </div>
              ),
            },
          ]}
        />
      </div>
    </div>
  );
}

function Facts({
  manifest,
  platforms,
  isRoot,
}: {
  readonly manifest: InspectedManifest;
  readonly platforms: readonly InspectedManifest[];
  readonly isRoot: boolean;
}) {
  const bytes = useBytes();
  const { facts } = inspectText;
  const index = isRoot && platforms.length > 0;
  const shared = sharedBytesOf(platforms);
  const sizes = index
    ? [facts.images(platforms.length), facts.allPlatforms(bytes(bytesOf(platforms)))]
    : [facts.compressed(bytes(bytesOf([manifest])))];
  if (platforms.length > 1 && shared > 0) sizes.push(facts.sharedBytes(bytes(shared)));
  return (
    <dl className="grid grid-cols-[5rem_minmax(0,1fr)] gap-x-3 gap-y-1 text-xs">
      <Fact name={facts.digest}>
        <span className="flex items-center gap-1">
          <code data-selectable className="truncate font-mono" title={manifest.digest}>
            {manifest.digest}
          </code>
          <CopyButton label={inspectText.copyDigest} text={manifest.digest} />
        </span>
      </Fact>
      <Fact name={facts.mediaType}>
        <span title={manifest.mediaType}>{mediaTypeText(manifest.mediaType)}</span>
      </Fact>
      <Fact name={facts.size}>{sizes.join(" · ")}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt className="flex min-h-6 items-center text-muted">{name}</dt>
      <dd className="flex min-h-6 min-w-0 items-center">{children}</dd>
    </>
  );
}
