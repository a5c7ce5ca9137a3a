// The commands of the two panes. Drag, keyboard, menus and buttons all end here, and here only.
import { endpointAddress } from "../../../shared/endpoint.ts";
import { showError, showToast } from "../../components/toast.tsx";
import { useClipboard, writeText } from "../../state/clipboard.ts";
import { useEndpoints } from "../../state/endpoints.ts";
import { jumpTo } from "../../state/jump.ts";
import { otherSide, type Pane, type Side, setCompare, updatePane, usePanes } from "../../state/panes.ts";
import { planTransfer } from "../../state/plan.ts";
import { everythingSelected, selectedCount } from "../../state/selection.ts";
import { say } from "../../state/spoken.ts";
import { listCutText, readOnlyText, transferText } from "../../text/transfer.ts";
import { openTransferDialog } from "./dialogs/open.ts";
import { type Drop, dropOf, type Payload, payloadText, type Target } from "./drop-spec.ts";
import { pasteReferences } from "./paste-references.ts";
import { knownRepositories, refreshRepositories } from "./repositories.ts";
import { commandLine, endpointOf, oneTag, openWebPage, webPage } from "./tag-actions.ts";
import { detailKey, forgetFacts, useTagFacts } from "./tag-details.ts";
import { type TagList, tagListOf } from "./tag-list.ts";
import { allTags, knownMatched, mostListed, refreshTags } from "./tag-pages.ts";

export function endpointName(id: string | undefined): string {
  return useEndpoints.getState().endpoints.find((endpoint) => endpoint.id === id)?.name ?? "";
}

/** The selected tags of a pane; undefined where none is. */
export function selectedTags(side: Side): Payload | undefined {
  const state = usePanes.getState();
  const list = tagListOf(state, side);
  if (list === undefined) return undefined;
  const { endpointId, repository } = list;
  const { selection } = state[side];
  const of = (tags: Extract<Payload, { kind: "tags" }>["tags"]): Payload => ({
    kind: "tags",
    endpointId,
    repository,
    tags,
  });
  if (selection.mode === "set")
    return selection.ids.size === 0 ? undefined : of({ by: "name", names: [...selection.ids] });
  const count = selectedCount(selection, knownMatched(list) ?? 0);
  if (count === 0) return undefined;
  const except = [...selection.except];
  return of(
    isRule(list, except)
      ? { by: "rule", rule: list.filter ?? {}, except, count }
      : { by: "list", list, except, count },
  );
}

/** Whether a rule names just these tags. What a rule excludes is out before its newest are counted. */
function isRule(list: TagList, except: readonly string[]): boolean {
  const { filter, facts, against } = list;
  return (
    facts === undefined && against === undefined && (filter?.latest === undefined || except.length === 0)
  );
}

/** A row of the tree as something to copy. */
export function treePayload(pane: Pane, path: string): Payload | undefined {
  const { endpointId } = pane;
  if (endpointId === undefined) return undefined;
  const names = [...(knownRepositories(endpointId)?.names ?? []), ...pane.typed];
  if (path === "") {
    return names.length === 0
      ? undefined
      : { kind: "registry", endpointId, name: endpointName(endpointId), count: new Set(names).size };
  }
  if (names.includes(path)) return { kind: "repository", endpointId, repository: path };
  const count = names.filter((name) => name.startsWith(`${path}/`)).length;
  return count === 0 ? undefined : { kind: "folder", endpointId, path, count };
}

/** What a copy command of this pane takes: the tags selected in it, else the row of the tree. */
export function paneSource(side: Side): Payload | undefined {
  const pane = usePanes.getState()[side];
  return pane.source === "tags" ? selectedTags(side) : treePayload(pane, pane.treeFocus);
}

/** What a drop on this target would do. */
export function dropAt(payload: Payload, target: Target): Drop {
  const endpoint = useEndpoints.getState().endpoints.find(({ id }) => id === target.endpointId);
  if (endpoint?.settings.readOnly === true) return { allowed: false, why: readOnlyText(endpoint.name) };
  return dropOf(payload, target);
}

/** Plans the copy of a payload to a place; says why where it cannot be. */
export function dropOn(payload: Payload, target: Target): void {
  const drop = dropAt(payload, target);
  if (!drop.allowed) {
    showToast({ title: drop.why });
    return;
  }
  say(transferText.drag.planning(payloadText(payload), endpointName(target.endpointId)), "drag");
  named(payload)
    .then((known) => {
      const again = dropAt(known, target);
      return again.allowed ? planTransfer(again.spec) : undefined;
    })
    .catch((thrown: unknown) => showError(transferText.commands.copyToOther, thrown));
}

/** A payload with the names of its tags, where no rule can say them. @throws FreightlinerError */
async function named(payload: Payload): Promise<Payload> {
  if (payload.kind !== "tags" || payload.tags.by !== "list") return payload;
  const { list, except, count } = payload.tags;
  if (count > mostListed) showToast({ title: listCutText(mostListed, count) });
  const without = new Set(except);
  const names = (await allTags(list)).filter((name) => !without.has(name));
  return { ...payload, tags: { by: "name", names } };
}

export function copyToOther(from: Side, payload: Payload | undefined = paneSource(from)): void {
  const endpointId = usePanes.getState()[otherSide(from)].endpointId;
  if (payload === undefined) showToast({ title: transferText.drop.nothing });
  else if (endpointId === undefined) showToast({ title: transferText.drop.noTarget });
  else dropOn(payload, { endpointId, place: { kind: "registry" } });
}

/** `host/team/app:v1`, one a line; for tags by rule only the repository. */
export function referencesOf(payload: Payload): string {
  const endpoint = useEndpoints.getState().endpoints.find(({ id }) => id === payload.endpointId);
  const base = endpoint === undefined ? "" : endpointAddress(endpoint.settings);
  switch (payload.kind) {
    case "tags": {
      const { repository, tags } = payload;
      if (tags.by !== "name") return `${base}/${repository}`;
      return tags.names.map((tag) => `${base}/${repository}:${tag}`).join("\n");
    }
    case "repository":
      return `${base}/${payload.repository}`;
    case "folder":
      return `${base}/${payload.path}/`;
    case "registry":
      return base;
  }
}

function copyText(text: string): void {
  writeText(text).then(
    () => say(transferText.copied),
    (thrown: unknown) => showError(transferText.commands.copyReference, thrown),
  );
}

/** Ctrl+C: keeps the payload for a paste and puts its references on the system's clipboard. */
export function copyToClipboard(side: Side): void {
  const payload = paneSource(side);
  if (payload === undefined) return;
  useClipboard.setState({ payload });
  say(`${transferText.copied}: ${payloadText(payload)}`);
  // Best effort: the paste inside the window does not need the system's clipboard.
  writeText(referencesOf(payload)).catch(() => undefined);
}

/** Ctrl+V: the same command as a drop on this pane, or on a place in it. */
export function paste(side: Side, place: Target["place"] = { kind: "registry" }): void {
  const { payload } = useClipboard.getState();
  const { endpointId } = usePanes.getState()[side];
  if (payload === undefined || endpointId === undefined) return;
  dropOn(payload, { endpointId, place });
}

/** Asks where to. */
export function copyToAny(side: Side): void {
  const payload = paneSource(side);
  if (payload === undefined) showToast({ title: transferText.drop.nothing });
  else openTransferDialog({ kind: "copy-to", payload });
}

/** Text that was pasted in a pane: what was copied there before, else a reference to go to, or several to copy here. */
export function pasteText(side: Side, text: string): void {
  const { payload } = useClipboard.getState();
  const own = payload !== undefined && text.trim() === referencesOf(payload);
  if (!own && (jumpTo(side, text) || pasteReferences(side, text))) return;
  paste(side);
}

/** A deletion is asked for by names: what a filter matches later may be something else. */
export function askToDelete(side: Side): void {
  const payload = paneSource(side);
  const endpoint = endpointOf(payload?.endpointId);
  if (payload?.kind !== "tags" || endpoint === undefined) return;
  if (endpoint.settings.readOnly === true) {
    showToast({ title: readOnlyText(endpoint.name) });
    return;
  }
  const { endpointId, repository, tags } = payload;
  if (tags.by !== "name") showToast({ title: transferText.deleteByName });
  else openTransferDialog({ kind: "delete", endpointId, repository, tags: tags.names });
}

export function copyCommandLine(side: Side, tool: "docker" | "skopeo"): void {
  const image = oneTag(side);
  const line = image === undefined ? undefined : commandLine(tool, image);
  if (line !== undefined) copyText(line);
}

/** The page of the repository that is shown or selected, where its registry has one that is known. */
export function webPageOf(side: Side): string | undefined {
  const payload = paneSource(side);
  const pane = usePanes.getState()[side];
  const repository =
    payload?.kind === "tags" || payload?.kind === "repository" ? payload.repository : pane.repository;
  return repository === undefined ? undefined : webPage(endpointOf(pane.endpointId), repository);
}

export function showOnWeb(side: Side): void {
  const url = webPageOf(side);
  if (url !== undefined) openWebPage(url);
}

/** Shows only what the other pane does not have, and selects all of that. */
export function selectMissing(side: Side): void {
  setCompare({ on: true, only: "missing" });
  updatePane(side, { selection: everythingSelected, source: "tags" });
}

export function copyReference(side: Side): void {
  const payload = paneSource(side);
  if (payload !== undefined) copyText(referencesOf(payload));
}

/** The digest of the one selected tag, where it is known by now. */
export function selectedDigest(side: Side): string | undefined {
  const payload = paneSource(side);
  if (payload?.kind !== "tags" || payload.tags.by !== "name" || payload.tags.names.length !== 1)
    return undefined;
  const key = detailKey(payload, payload.tags.names[0] ?? "");
  return useTagFacts.getState().details.get(key)?.digest ?? undefined;
}

export function copyDigest(side: Side): void {
  const digest = selectedDigest(side);
  if (digest !== undefined) copyText(digest);
}

/** Reads repositories, tags and details of a pane anew at its registry. */
export async function refreshPane(side: Side): Promise<void> {
  const { endpointId, repository } = usePanes.getState()[side];
  if (endpointId === undefined) return;
  const work: Promise<void>[] = [refreshRepositories(endpointId)];
  if (repository !== undefined) {
    forgetFacts({ endpointId, repository });
    work.push(refreshTags(endpointId, repository));
  }
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === "rejected");
  // The registry's dot goes on to say it.
  if (failed !== undefined) showError(transferText.commands.refresh, failed.reason, { timeoutMs: 8000 });
}
