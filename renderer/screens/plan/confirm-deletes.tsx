// The named confirmation before a plan that deletes: the destination's name is typed.
import { useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { TextField } from "../../components/text-field.tsx";
import { planText, tagsText } from "../../text/plan.ts";

const words = planText.confirm;

export function ConfirmDeletes({
  open,
  name,
  deletes,
  onClose,
  onConfirm,
}: {
  readonly open: boolean;
  /** Of the destination. */
  readonly name: string;
  readonly deletes: number;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}) {
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const tags = tagsText(deletes);
  const same = text.trim() === name;
  const close = (): void => {
    setText("");
    onClose();
  };
  const confirm = (): void => {
    if (!same) return;
    close();
    onConfirm();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={words.title}
      width="small"
      initialFocus={field}
      foot={
        <>
          <Button onClick={close}>{planText.cancel}</Button>
          <Button variant="danger" disabled={!same} onClick={confirm}>
            {words.button(tags)}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
      >
        <p className="text-sm">{words.text(tags, name)}</p>
        <TextField
          ref={field}
          label={words.label(name)}
          value={text}
          onValueChange={setText}
          autoComplete="off"
        />
      </form>
    </Dialog>
  );
}
