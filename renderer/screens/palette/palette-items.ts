// What the palette finds: commands, registries, repositories that were seen, saved jobs and settings; and the pasted reference.
import type { Endpoint } from "../../../shared/endpoint.ts";
import { endpointAddress } from "../../../shared/endpoint.ts";
import type { SavedJob } from "../../../shared/job.ts";
import type { ScreenName } from "../../../shared/window-command.ts";
import { call } from "../../api/client.ts";
import { type CommandDescription, isLayer } from "../../commands/description.ts";
import { displayKeys, isMac } from "../../commands/keys.ts";
import type { OpenLayer } from "../../commands/layer.ts";
import { best } from "../../commands/rank.ts";
import type { Command } from "../../commands/registry.ts";
import { runAnywhere } from "../../commands/run-anywhere.ts";
import { keysFor, type Shortcuts } from "../../commands/shortcuts.ts";
import { showError, showToast } from "../../components/toast.tsx";
import { showScreen } from "../../state/navigation.ts";
import { paletteText } from "../../text/commands.ts";
import { commonText } from "../../text/common.ts";
import { rowText, sectionNames, settingRowNames } from "../../text/settings.ts";
import { knownRepositories } from "../transfer/repositories.ts";
import type { PaletteGroup, PaletteItem } from "./palette-item.ts";
import { openInPane, readReference, referenceItems } from "./pasted-reference.ts";

export interface PaletteSources {
  /** What can be run now. */
  readonly commands: ReadonlyMap<string, Command>;
  /** Every command there is. */
  readonly known: ReadonlyMap<string, CommandDescription>;
  readonly screen: ScreenName;
  /** What lies over the screen: only what makes sense there is offered then. */
  readonly layer: OpenLayer | undefined;
  readonly shortcuts: Shortcuts;
  readonly endpoints: readonly Endpoint[];
  readonly jobs: readonly SavedJob[];
  /** Ids of what was run lately, the newest first. */
  readonly recent: readonly string[];
}

const shownPerGroup = 8;
const shownCommands = 40;
const shownRecent = 5;
/** A setting whose title begins with a word stands behind a command that has the word anywhere: "transf" goes to Transfers. */
const settingHandicap = 4.5;

/** Groups in the order of their best answer; without a query what was used lately, then all commands. */
export function paletteGroups(query: string, sources: PaletteSources): readonly PaletteGroup[] {
  const reference = readReference(query);
  if (reference !== undefined)
    return [
      {
        value: paletteText.groups.reference,
        items: referenceItems(reference, sources.endpoints).filter(
          ({ id }) => sources.layer === undefined || id === "reference.inspect",
        ),
      },
    ];
  const trimmed = query.trim();
  const commands = commandItems(sources, trimmed !== "");
  if (trimmed === "") {
    const recent = sources.recent
      .flatMap((id) => commands.find((item) => item.id === id) ?? [])
      .slice(0, shownRecent)
      .map((item) => ({ ...item, id: `recent.${item.id}`, group: paletteText.groups.recent }));
    return grouped([...recent, ...commands]);
  }
  if (sources.layer !== undefined)
    return grouped(best(commands, trimmed, words, shownCommands).map(({ item }) => item));
  const found = [
    ...best(commands, trimmed, words, shownCommands).map(({ item, score }) => ({
      item,
      score: score + preference(item, sources),
    })),
    ...best(registryItems(sources.endpoints), trimmed, words, shownPerGroup),
    ...best(jobItems(sources.jobs), trimmed, words, shownPerGroup),
    ...best(settingItems(), trimmed, words, shownPerGroup).map(({ item, score }) => ({
      item,
      score: score - settingHandicap,
    })),
    ...repositoryItems(trimmed, sources.endpoints),
  ];
  return grouped(found.toSorted((one, other) => other.score - one.score).map(({ item }) => item));
}

/** What can be run here comes before what another screen has, and last what needs a plan or a drawer that is not open. */
function preference({ id }: PaletteItem, { commands, known }: PaletteSources): number {
  if (commands.has(id)) return 0.5;
  return isLayer(known.get(id)?.place) ? -4 : 0.25;
}

function words({ title, group, keywords, detail }: PaletteItem): readonly [string, string] {
  return [title, `${group} ${keywords ?? ""} ${detail ?? ""}`];
}

function grouped(items: readonly PaletteItem[]): readonly PaletteGroup[] {
  const groups = new Map<string, PaletteItem[]>();
  for (const item of items) {
    const list = groups.get(item.group) ?? [];
    groups.set(item.group, list);
    list.push(item);
  }
  return [...groups].map(([value, list]) => ({ value, items: list }));
}

/** What can be run here first, then what other screens have; what only a drawer or a plan has, where it is searched for. */
function commandItems(sources: PaletteSources, searched: boolean): readonly PaletteItem[] {
  const { commands, known, screen, layer } = sources;
  const listed = [...known.values()].filter(({ unlisted }) => unlisted !== true);
  const here = listed.flatMap(({ id }) => {
    const command = commands.get(id);
    if (command === undefined || command.isEnabled?.() === false) return [];
    const makesSense = layer === undefined || command.inDialogs === true || command.place === layer;
    return makesSense ? [commandItem(command, sources.shortcuts)] : [];
  });
  if (layer !== undefined) return here;
  const elsewhere = listed.flatMap((command) => {
    const { id, place } = command;
    if (commands.has(id) || place === undefined || place === screen || (isLayer(place) && !searched))
      return [];
    const detail = isLayer(place) ? paletteText.inLayer[place] : commonText.screens[place];
    return [{ ...commandItem(command, sources.shortcuts), detail }];
  });
  return [...here, ...elsewhere];
}

function commandItem(
  { id, title, group, keywords, ...rest }: CommandDescription,
  shortcuts: Shortcuts,
): PaletteItem {
  const keys = displayKeys(keysFor({ id, ...rest }, shortcuts), isMac());
  return {
    id,
    title,
    group,
    ...(keys === "" ? {} : { keys }),
    ...(keywords === undefined ? {} : { keywords }),
    run: () => runAnywhere(id),
  };
}

function registryItems(endpoints: readonly Endpoint[]): readonly PaletteItem[] {
  return endpoints.flatMap((endpoint) =>
    (["left", "right"] as const).map((side) => ({
      id: `registry.${endpoint.id}.${side}`,
      title:
        side === "left"
          ? paletteText.openRegistryLeft(endpoint.name)
          : paletteText.openRegistryRight(endpoint.name),
      group: paletteText.groups.registries,
      detail: endpointAddress(endpoint.settings),
      run: () => openInPane(side, endpoint.id),
    })),
  );
}

/** Of the registries whose listing is there already; nothing is asked for. */
function repositoryItems(
  query: string,
  endpoints: readonly Endpoint[],
): readonly { readonly item: PaletteItem; readonly score: number }[] {
  if (query.length < 2) return [];
  return endpoints
    .flatMap((endpoint) =>
      best(knownRepositories(endpoint.id)?.names ?? [], query, (name) => [name], shownPerGroup).map(
        ({ item: name, score }) => ({ score, item: repositoryItem(endpoint, name) }),
      ),
    )
    .toSorted((one, other) => other.score - one.score)
    .slice(0, shownPerGroup);
}

function repositoryItem(endpoint: Endpoint, repository: string): PaletteItem {
  return {
    id: `repository.${endpoint.id}.${repository}`,
    title: repository,
    group: paletteText.groups.repositories,
    detail: endpoint.name,
    run: () => openInPane("left", endpoint.id, { repository, tag: undefined }),
  };
}

function jobItems(jobs: readonly SavedJob[]): readonly PaletteItem[] {
  return jobs.flatMap((job) => [
    {
      id: `job.run.${job.id}`,
      title: paletteText.runJob(job.name),
      group: paletteText.groups.jobs,
      keywords: "start",
      run: () => void runJob(job),
    },
    {
      id: `job.show.${job.id}`,
      title: paletteText.showJob(job.name),
      group: paletteText.groups.jobs,
      keywords: "open edit",
      run: () => showScreen("jobs", { jobId: job.id }),
    },
  ]);
}

async function runJob(job: SavedJob): Promise<void> {
  try {
    const run = await call("jobs.run", { jobId: job.id });
    showToast({ title: paletteText.jobStarted(job.name), tone: "ok" });
    showScreen("transfers", { runId: run.id });
  } catch (thrown) {
    showError(paletteText.runJob(job.name), thrown);
  }
}

function settingItems(): readonly PaletteItem[] {
  return settingRowNames.map((name) => {
    const { section, title, hint, keywords } = rowText(name);
    return {
      id: `setting.${name}`,
      title,
      group: paletteText.groups.settings,
      detail: sectionNames[section],
      keywords: `${hint ?? ""} ${keywords ?? ""}`,
      run: () => showScreen("settings", { settings: name }),
    };
  });
}
