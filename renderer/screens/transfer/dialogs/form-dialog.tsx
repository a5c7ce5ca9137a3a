// A small dialog with one form: Enter does it, Escape leaves it.
import { type FormEvent, type ReactNode, useRef } from "react";
import { Button } from "../../../components/button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { commonText } from "../../../text/common.ts";
import { closeTransferDialog } from "./open.ts";

export interface FormDialogProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly action: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSubmit: () => void;
  readonly onClose?: () => void;
  readonly children?: ReactNode;
}

export function FormDialog(props: FormDialogProps) {
  const { title, description, action, danger = false, disabled = false, onSubmit, children } = props;
  const first = useRef<HTMLElement>(null);
  const close = props.onClose ?? closeTransferDialog;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!disabled) onSubmit();
  };
  return (
    <Dialog
      open
      width="small"
      title={title}
      {...(description === undefined ? {} : { description })}
      onOpenChange={(open) => !open && close()}
      initialFocus={first}
    >
      <form
        ref={(form) => {
          // Without a field it is the way out: what it does may not be undone.
          first.current = form?.querySelector<HTMLElement>("input, [role=combobox], button") ?? null;
        }}
        onSubmit={submit}
        className="flex flex-col gap-4"
      >
        {children}
        <div className="flex justify-end gap-2">
          <Button onClick={close}>{commonText.cancel}</Button>
          <Button type="submit" variant={danger ? "danger" : "primary"} disabled={disabled}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
