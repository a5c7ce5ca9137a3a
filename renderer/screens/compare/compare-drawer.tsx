// The Compare drawer: two images side by side, what both have and what only one has.
import { ArrowLeftRight, CopyPlus, Terminal } from "lucide-react";
import { useRef } from "react";
import { useCommands } from "../../commands/registry.ts";
import { Button } from "../../components/button.tsx";
import { Drawer } from "../../components/drawer.tsx";
import { Select } from "../../components/select.tsx";
import { useEndpoints } from "../../state/endpoints.ts";
import { closeDrawer, type ImageAt, openDrawer, useNavigation } from "../../state/navigation.ts";
import { copyOwnCommand, pairCommand } from "../../state/own-commands.ts";
import { planTransfer } from "../../state/plan.ts";
import { commandsText } from "../../text/commands.ts";
import { compareText } from "../../text/inspect.ts";
import type { ComparedEnds } from "./compared-ends.ts";
import { Comparison } from "./comparison.tsx";
import { RepositoryField } from "./repository-field.tsx";
import { TagField } from "./tag-field.tsx";

export function CompareDrawer() {
  const drawer = useNavigation((state) => state.drawer);
  const ends = drawer?.kind === "compare" ? drawer : undefined;
  // What was shown stays while the drawer slides away.
  const last = useRef<ComparedEnds>(undefined);
  if (ends !== undefined) last.current = ends;
  const shown = ends ?? last.current;
  const open = ends !== undefined;
  const { source, destination } = shown ?? {};
  useCommands(
    () =>
      open && source !== undefined && destination !== undefined
        ? {
            "compare.swap": { run: () => swap({ source, destination }) },
            "compare.copy-over": { run: () => copyOver({ source, destination }) },
          }
        : {},
    [open, source, destination],
  );
  if (shown === undefined) return null;
  return (
    <Drawer
      open={open}
      onOpenChange={(next) => !next && closeDrawer()}
      width="wide"
      title={compareText.title}
      actions={
        <div className="flex gap-2">
          <Button
            size="small"
            variant="quiet"
            icon={<Terminal aria-hidden className="size-3.5" />}
            onClick={() => void copyOwnCommand(() => pairCommand("compare", shown))}
          >
            {commandsText.copyAsCommand}
          </Button>
          <Button
            size="small"
            icon={<ArrowLeftRight aria-hidden className="size-3.5" />}
            onClick={() => swap(shown)}
          >
            {compareText.swap}
          </Button>
          <Button
            size="small"
            variant="primary"
            icon={<CopyPlus aria-hidden className="size-3.5" />}
            disabled={samePlace(shown)}
            onClick={() => copyOver(shown)}
          >
            {compareText.copyOver}
          </Button>
        </div>
      }
    >
      <div className="flex min-h-0 flex-1 flex-col gap-4">
        <div className="grid shrink-0 grid-cols-2 gap-4">
          <End side="source" image={shown.source} onChange={(image) => change({ ...shown, source: image })} />
          <End
            side="destination"
            image={shown.destination}
            onChange={(image) => change({ ...shown, destination: image })}
          />
        </div>
        <Comparison source={shown.source} destination={shown.destination} />
      </div>
    </Drawer>
  );
}

function change({ source, destination }: ComparedEnds): void {
  openDrawer({ kind: "compare", source, destination });
}

function swap({ source, destination }: ComparedEnds): void {
  openDrawer({ kind: "compare", source: destination, destination: source });
}

function samePlace({ source, destination }: ComparedEnds): boolean {
  return source.endpointId === destination.endpointId && source.repository === destination.repository;
}

/** Opens the plan of that one image; a digest is written without a tag. */
function copyOver({ source, destination }: ComparedEnds): void {
  closeDrawer();
  const tag = destination.reference.includes(":") ? {} : { destinationTag: destination.reference };
  void planTransfer({
    sourceId: source.endpointId,
    destinationId: destination.endpointId,
    selection: [
      {
        kind: "image",
        repository: source.repository,
        reference: source.reference,
        destinationRepository: destination.repository,
        ...tag,
      },
    ],
  });
}

function End({
  side,
  image,
  onChange,
}: {
  readonly side: "source" | "destination";
  readonly image: ImageAt;
  readonly onChange: (image: ImageAt) => void;
}) {
  const endpoints = useEndpoints((state) => state.endpoints);
  const name = compareText.sides[side];
  return (
    <fieldset className="flex min-w-0 flex-col gap-2 rounded-md border border-line p-3">
      <legend className="px-1 text-xs font-medium">{name}</legend>
      <Select
        label={compareText.registry(name)}
        labelHidden
        value={image.endpointId}
        options={endpoints.map((endpoint) => ({ value: endpoint.id, label: endpoint.name }))}
        onValueChange={(endpointId) => onChange({ ...image, endpointId })}
      />
      <div className="grid grid-cols-[minmax(0,1.5fr)_minmax(0,1fr)] gap-2">
        <RepositoryField
          label={compareText.repository(name)}
          image={image}
          onChoose={(repository) => onChange({ ...image, repository })}
        />
        <TagField
          label={compareText.tag(name)}
          image={image}
          onChoose={(reference) => onChange({ ...image, reference })}
        />
      </div>
    </fieldset>
  );
}
