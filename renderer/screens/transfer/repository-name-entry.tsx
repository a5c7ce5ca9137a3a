// For registries that do not list their repositories: a name typed by hand.
import { type FormEvent, useState } from "react";
import { isRepositoryName } from "../../../shared/reference.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/text-field.tsx";
import { type Side, showRepository, usePane } from "../../state/panes.ts";
import { transferText } from "../../text/transfer.ts";
import { nameRepository } from "./repositories.ts";

export function RepositoryNameEntry({ side }: { readonly side: Side }) {
  const text = transferText.tree;
  const { endpointId } = usePane(side);
  const [name, setName] = useState("");
  const [refused, setRefused] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const wanted = name.trim();
    setRefused(!isRepositoryName(wanted));
    if (!isRepositoryName(wanted)) return;
    if (endpointId !== undefined) void nameRepository(endpointId, wanted);
    showRepository(side, wanted);
    setName("");
  };
  return (
    <form onSubmit={submit} className="shrink-0 border-y border-line bg-sunken px-3 py-2">
      <p className="mb-2 text-xs text-muted">{text.incomplete}</p>
      <div className="flex items-start gap-2">
        <TextField
          className="flex-1"
          label={text.enterLabel}
          labelHidden
          placeholder={text.enterHint}
          value={name}
          error={refused ? text.badName : undefined}
          onValueChange={(value) => {
            setName(value);
            setRefused(false);
          }}
        />
        <Button type="submit" disabled={name.trim() === ""}>
          {text.enter}
        </Button>
      </div>
    </form>
  );
}
