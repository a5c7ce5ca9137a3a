// A tag or digest to type, with the repository's tags that match as one types.
import { Autocomplete } from "@base-ui/react/autocomplete";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { referenceTextSchema } from "../../../shared/selection.ts";
import { call } from "../../api/client.ts";
import type { ImageAt } from "../../state/navigation.ts";
import { compareText } from "../../text/inspect.ts";

const shownTags = 50;
const typingMs = 200;

export function TagField({
  label,
  image,
  onChoose,
}: {
  readonly label: string;
  readonly image: ImageAt;
  readonly onChoose: (reference: string) => void;
}) {
  const [typed, setTyped] = useState(image.reference);
  useEffect(() => setTyped(image.reference), [image.reference]);
  const [open, setOpen] = useState(false);
  const asked = useSettled(typed === image.reference ? "" : typed);
  const { data, isPending } = useQuery({
    queryKey: ["tags.list", "field", image.endpointId, image.repository, asked],
    queryFn: ({ signal }) =>
      call(
        "tags.list",
        {
          endpointId: image.endpointId,
          repository: image.repository,
          filter: asked === "" ? {} : { include: [`*${asked}*`] },
          sort: "version-descending",
          limit: shownTags,
        },
        signal,
      ),
    enabled: open,
  });
  const take = (reference: string): void => {
    if (reference !== image.reference && referenceTextSchema.safeParse(reference).success)
      onChoose(reference);
    else setTyped(image.reference);
  };
  return (
    <Autocomplete.Root
      items={data?.tags ?? []}
      filter={null}
      mode="none"
      open={open}
      onOpenChange={(next) => setOpen(next)}
      openOnInputClick
      value={typed}
      onValueChange={(value, { reason }) => {
        setTyped(value);
        if (reason === "item-press") take(value);
      }}
    >
      <Autocomplete.Input
        aria-label={label}
        spellCheck={false}
        onBlur={() => take(typed.trim())}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !open) take(typed.trim());
        }}
        className="h-8 w-full min-w-0 rounded-md border border-control bg-surface px-2.5 font-mono text-sm text-text focus-visible:outline-2 focus-visible:-outline-offset-1 focus-visible:outline-accent"
      />
      <Autocomplete.Portal>
        <Autocomplete.Positioner sideOffset={4} className="z-60">
          <Autocomplete.Popup className="max-h-[min(20rem,var(--available-height))] w-(--anchor-width) overflow-y-auto rounded-lg border border-line bg-raised p-1 text-sm text-text shadow-pop">
            <Autocomplete.Status className="px-2 py-1 text-xs text-muted empty:hidden">
              {isPending ? compareText.tagsLoading : data?.tags.length === 0 ? compareText.tagsNone : null}
            </Autocomplete.Status>
            <Autocomplete.List>
              {(tag: string) => (
                <Autocomplete.Item
                  key={tag}
                  value={tag}
                  className="flex h-7 items-center rounded-sm px-2 font-mono outline-none data-highlighted:bg-accent-soft"
                >
                  <span className="truncate">{tag}</span>
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  );
}

/** What was typed when the typing paused, as a part of a glob: signs that mean something there are left out. */
function useSettled(typed: string): string {
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed.replace(/[^\w.-]/g, "")), typed === "" ? 0 : typingMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled;
}
