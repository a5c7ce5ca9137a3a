// Names at the destination: the kind of mapping with its fields, tags renamed by a pattern, and both on real names of the plan.
import { useEffect, useState } from "react";
import type { JobSpec } from "../../../../shared/run.ts";
import type { TagRename } from "../../../../shared/selection.ts";
import { Select } from "../../../components/select.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { Checkbox } from "../../../components/toggle.tsx";
import { changeSpec, setReadable } from "../../../state/plan.ts";
import { mappingWords, optionsText } from "../../../text/plan-options.ts";
import { draftOf, type MappingDraft, mappingKinds, readMapping, readRewrite } from "./mapping-draft.ts";
import { MappingFields } from "./mapping-fields.tsx";
import { MappingPreview } from "./mapping-preview.tsx";

export function MappingOption({ spec }: { readonly spec: JobSpec }) {
  const [draft, setDraft] = useState(() => draftOf(spec.mapping));
  // The mapping was set from elsewhere: by "reset", or by going back to the plan that is shown.
  const saved = JSON.stringify(spec.mapping);
  const [known, setKnown] = useState(saved);
  if (known !== saved) {
    setKnown(saved);
    const read = readMapping(draft);
    if (!read.ok || JSON.stringify(read.value) !== saved) setDraft(draftOf(spec.mapping));
  }
  const read = readMapping(draft);
  useReadable("mapping", read.ok);
  const change = (part: Partial<MappingDraft>): void => {
    const next = { ...draft, ...part };
    setDraft(next);
    const now = readMapping(next);
    if (now.ok) changeSpec({ mapping: now.value });
  };
  // Where each image names its destination itself, a mapping would change nothing.
  const fixed = spec.selection.every(
    (item) => item.kind === "image" && item.destinationRepository !== undefined,
  );
  return (
    <div className="flex flex-col gap-2">
      <Select
        label={optionsText.names}
        value={draft.kind}
        disabled={fixed}
        options={mappingKinds.map((value) => ({ value, label: mappingWords[value] }))}
        onValueChange={(kind) => change({ kind })}
      />
      {fixed ? (
        <p className="text-xs text-muted">{optionsText.fixedNames}</p>
      ) : (
        <MappingFields draft={draft} read={read} onChange={change} />
      )}
      <RenameTags spec={spec} />
      <MappingPreview mapping={read.ok ? read.value : undefined} renameTags={spec.renameTags} fixed={fixed} />
    </div>
  );
}

/** Nothing starts while a name is half typed. */
function useReadable(field: string, readable: boolean): void {
  useEffect(() => {
    setReadable(field, readable);
    return () => setReadable(field, true);
  }, [field, readable]);
}

const noRename: TagRename = { pattern: "", replacement: "" };

function RenameTags({ spec }: { readonly spec: JobSpec }) {
  const [draft, setDraft] = useState<TagRename | null>(spec.renameTags);
  const read = draft === null ? undefined : readRewrite(draft);
  useReadable("renameTags", read?.ok ?? true);
  const change = (next: TagRename | null): void => {
    setDraft(next);
    if (next === null) changeSpec({ renameTags: null });
    else {
      const now = readRewrite(next);
      if (now.ok) changeSpec({ renameTags: now.value });
    }
  };
  const errorOf = (field: "pattern" | "replacement"): string | undefined =>
    read?.ok === false && read.field === field ? read.text : undefined;
  return (
    <>
      <Checkbox
        label={optionsText.renameTags}
        checked={draft !== null}
        onCheckedChange={(on) => change(on ? noRename : null)}
      />
      {draft !== null && (
        <>
          <TextField
            label={optionsText.tagPattern}
            value={draft.pattern}
            error={errorOf("pattern")}
            placeholder="v(.*)"
            onValueChange={(pattern) => change({ ...draft, pattern })}
          />
          <TextField
            label={optionsText.tagReplacement}
            value={draft.replacement}
            error={errorOf("replacement")}
            placeholder="release-$1"
            onValueChange={(replacement) => change({ ...draft, replacement })}
          />
        </>
      )}
    </>
  );
}
