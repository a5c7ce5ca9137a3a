// A small dialog with one form: Enter does it, Escape leaves it.
import { type FormEvent, type ReactNode, useId } from "react";
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
  readonly children: ReactNode;
}

export function FormDialog(props: FormDialogProps) {
  const { title, description, action, danger = false, disabled = false, onSubmit, children } = props;
  const form = useId();
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
      foot={
        <>
          <Button onClick={close}>{commonText.cancel}</Button>
          <Button type="submit" form={form} variant={danger ? "danger" : "primary"} disabled={disabled}>
            {action}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        {children}
      </form>
    </Dialog>
  );
}
