// Selects, or takes out of the selection, what a pattern matches among the tags that are shown.
import { useState } from "react";
import { compileGlob } from "../../../../shared/glob.ts";
import { globSchema } from "../../../../shared/selection.ts";
import { Segmented } from "../../../components/segmented.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { showError } from "../../../components/toast.tsx";
import { type Side, updatePane, usePanes } from "../../../state/panes.ts";
import { selectAlso, selectLess } from "../../../state/selection.ts";
import { transferText } from "../../../text/transfer.ts";
import { tagListOf } from "../tag-list.ts";
import { allTags } from "../tag-pages.ts";
import { FormDialog } from "./form-dialog.tsx";
import { closeTransferDialog } from "./open.ts";

export function PatternDialog({ side }: { readonly side: Side }) {
  const [pattern, setPattern] = useState("");
  const [add, setAdd] = useState(true);
  const [busy, setBusy] = useState(false);
  const text = transferText.pattern;
  const read = globSchema.safeParse(pattern);
  const error = pattern === "" || read.success ? undefined : read.error.issues[0]?.message;
  const select = async (): Promise<void> => {
    const list = tagListOf(usePanes.getState(), side);
    if (list === undefined) return;
    setBusy(true);
    try {
      const glob = compileGlob(pattern);
      const names = (await allTags(list)).filter((name) => glob.matches(name));
      const { selection } = usePanes.getState()[side];
      updatePane(side, {
        source: "tags",
        selection: add ? selectAlso(selection, names) : selectLess(selection, names),
      });
      closeTransferDialog();
    } catch (thrown) {
      setBusy(false);
      showError(text.title, thrown);
    }
  };
  return (
    <FormDialog
      title={text.title}
      action={add ? text.add : text.remove}
      disabled={busy || !read.success}
      onSubmit={() => void select()}
    >
      <TextField
        label={text.label}
        hint={text.hint}
        placeholder="v1.*"
        value={pattern}
        error={error}
        onValueChange={setPattern}
      />
      <Segmented
        label={text.what}
        className="self-start"
        value={add ? "add" : "remove"}
        options={[
          { value: "add", label: text.add },
          { value: "remove", label: text.remove },
        ]}
        onValueChange={(what) => setAdd(what === "add")}
      />
    </FormDialog>
  );
}
