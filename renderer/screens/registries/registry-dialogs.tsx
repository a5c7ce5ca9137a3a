// The dialogs about registries that any screen or command may open, and the commands that open them.
import { assertNever } from "../../../shared/assert-never.ts";
import { useCommands } from "../../commands/registry.ts";
import { useEndpoint } from "../../state/endpoints.ts";
import {
  closeRegistryDialog,
  openRegistryDialog,
  type RegistryDialog,
  useRegistryDialog,
} from "../../state/registry-dialogs.ts";
import { AddRegistryDialog, DuplicateRegistryDialog, EditRegistryDialog } from "./add-registry-dialog.tsx";
import { RemoveDialog, RenameDialog } from "./endpoint-dialogs.tsx";
import { ImportDialog } from "./import-dialog.tsx";
import { ProbeDialog } from "./probe-dialog.tsx";
import { SignInDialog } from "./sign-in-dialog.tsx";

export function RegistryDialogs() {
  const open = useRegistryDialog((state) => state.open);
  useCommands(
    () => ({
      "registries.add": { run: () => openRegistryDialog({ kind: "add" }) },
      "registries.import": { run: () => openRegistryDialog({ kind: "import" }) },
    }),
    [],
  );
  if (open === undefined) return null;
  switch (open.kind) {
    case "add":
      return (
        <AddRegistryDialog
          open
          onOpenChange={(next) => !next && closeRegistryDialog()}
          onAdded={open.onAdded}
          {...(open.address === undefined ? {} : { address: open.address })}
          {...(open.folder === undefined ? {} : { folder: open.folder })}
        />
      );
    case "import":
      return <ImportDialog onClose={closeRegistryDialog} onAdded={open.onAdded} />;
    default:
      return <OfOne dialog={open} />;
  }
}

/** A dialog about one registry; it goes with the registry. */
function OfOne({
  dialog,
}: {
  readonly dialog: Exclude<RegistryDialog, { readonly kind: "add" | "import" }>;
}) {
  const endpoint = useEndpoint(dialog.id);
  if (endpoint === undefined) return null;
  const props = { endpoint, onClose: closeRegistryDialog };
  switch (dialog.kind) {
    case "edit":
      return <EditRegistryDialog {...props} />;
    case "duplicate":
      return <DuplicateRegistryDialog {...props} />;
    case "rename":
      return <RenameDialog {...props} />;
    case "remove":
      return <RemoveDialog {...props} />;
    case "probe":
      return <ProbeDialog {...props} />;
    case "sign-in":
      return (
        <SignInDialog
          target={{ id: endpoint.id, name: endpoint.name, username: endpoint.credential.username }}
          onClose={closeRegistryDialog}
        />
      );
    default:
      return assertNever(dialog.kind);
  }
}
