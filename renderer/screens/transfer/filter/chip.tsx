// One filter chip: what it says, its editor in a popover, and the way to remove it.
import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "../../../components/button.tsx";
import { Popover } from "../../../components/popover.tsx";
import { useUnits } from "../../../state/formats.ts";
import { type ChipKind, chipSchemas, type TagChips, withoutChip } from "../../../state/tag-chips.ts";
import { chipText, filterText } from "../../../text/tag-filter.ts";
import { chipFields } from "./chip-fields.tsx";

export interface ChipProps {
  readonly kind: ChipKind;
  readonly chips: TagChips;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onChips: (chips: TagChips) => void;
}

export function Chip({ kind, chips, open, onOpenChange, onChips }: ChipProps) {
  const isSet = chips[kind] !== undefined;
  const units = useUnits();
  const text = isSet ? chipText(kind, chips, units) : filterText.kinds[kind];
  return (
    <span className="inline-flex h-6 max-w-full min-w-0 items-stretch rounded-md border border-accent bg-accent-soft text-xs text-text">
      <Popover
        title={filterText.kinds[kind]}
        open={open}
        onOpenChange={onOpenChange}
        trigger={
          <button type="button" className="min-w-0 truncate rounded-md px-2 hover:bg-hover">
            {text}
          </button>
        }
      >
        <ChipEditor
          kind={kind}
          chips={chips}
          onApply={(next) => {
            onChips(next);
            onOpenChange(false);
          }}
        />
      </Popover>
      {isSet && (
        <button
          type="button"
          aria-label={`${filterText.remove}: ${text}`}
          onClick={() => onChips(withoutChip(chips, kind))}
          className="flex w-5 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
        >
          <X aria-hidden className="size-3" />
        </button>
      )}
    </span>
  );
}

function ChipEditor({
  kind,
  chips,
  onApply,
}: Pick<ChipProps, "kind" | "chips"> & { readonly onApply: (chips: TagChips) => void }) {
  const [draft, setDraft] = useState<unknown>(chips[kind]);
  const Fields = chipFields[kind];
  const read = draft === undefined ? undefined : chipSchemas[kind].safeParse(draft);
  const error = read?.success === false ? read.error.issues[0]?.message : undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (read === undefined) onApply(withoutChip(chips, kind));
    else if (read.success) onApply({ ...chips, [kind]: read.data });
  };
  return (
    <form onSubmit={submit} className="flex w-72 flex-col gap-3">
      <Fields chips={chips} error={error} onDraft={setDraft} />
      <div className="flex justify-end">
        <Button type="submit" size="small" variant="primary" disabled={error !== undefined}>
          {filterText.apply}
        </Button>
      </div>
    </form>
  );
}
