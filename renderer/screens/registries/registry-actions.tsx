// What can be done with a registry, as a menu: for its row, its context menu and its details.
import {
  ArrowLeftToLine,
  ArrowRightToLine,
  Copy,
  CopyPlus,
  KeyRound,
  Lock,
  LockOpen,
  LogOut,
  Palette,
  Pencil,
  RefreshCw,
  ScanSearch,
  SquarePen,
  Trash2,
} from "lucide-react";
import type { ReactNode } from "react";
import { type Endpoint, endpointAddress } from "../../../shared/endpoint.ts";
import type { MenuGroups, MenuItem } from "../../components/menu.tsx";
import { showError, showToast } from "../../components/toast.tsx";
import { writeText } from "../../state/clipboard.ts";
import { showScreen } from "../../state/navigation.ts";
import { type Side, showEndpoint } from "../../state/panes.ts";
import { checkEndpoint, forgetSignIn, setReadOnly } from "../../state/registries.ts";
import { openRegistryDialog } from "../../state/registry-dialogs.ts";
import { registriesText } from "../../text/registries.ts";
import { detailsText } from "../../text/registry-details.ts";
import { openTransferDialog } from "../transfer/dialogs/open.ts";
import { isOurs } from "./credential-section.tsx";

const icon = "size-3.5";

export function showInPane(side: Side, endpoint: Endpoint): void {
  showEndpoint(side, endpoint.id);
  showScreen("transfer");
}

export function copyAddress(endpoint: Endpoint): void {
  writeText(endpointAddress(endpoint.settings)).then(
    () => showToast({ title: registriesText.copied }),
    (thrown: unknown) => showError(registriesText.copyAddress, thrown),
  );
}

export function registryMenu(endpoint: Endpoint): MenuGroups {
  return [
    lookItems(endpoint),
    ...(endpoint.settings.kind === "registry" ? [signInItems(endpoint)] : []),
    changeItems(endpoint),
    [
      item("remove", registriesText.remove, <Trash2 aria-hidden className={icon} />, () =>
        openRegistryDialog({ kind: "remove", id: endpoint.id }),
      ),
    ].map((one) => ({ ...one, danger: true })),
  ];
}

function item(id: string, label: string, shape: ReactNode, onSelect: () => void): MenuItem {
  return { id, label, icon: shape, onSelect };
}

function lookItems(endpoint: Endpoint): readonly MenuItem[] {
  return [
    item("left", registriesText.showLeft, <ArrowLeftToLine aria-hidden className={icon} />, () =>
      showInPane("left", endpoint),
    ),
    item("right", registriesText.showRight, <ArrowRightToLine aria-hidden className={icon} />, () =>
      showInPane("right", endpoint),
    ),
    item("check", registriesText.checkAgain, <RefreshCw aria-hidden className={icon} />, () => {
      void checkEndpoint(endpoint);
    }),
    item("copy", registriesText.copyAddress, <Copy aria-hidden className={icon} />, () =>
      copyAddress(endpoint),
    ),
  ];
}

function signInItems(endpoint: Endpoint): readonly MenuItem[] {
  const { id, credential } = endpoint;
  const again = credential.source === "none" ? registriesText.signIn : registriesText.signInAgain;
  return [
    item("sign-in", again, <KeyRound aria-hidden className={icon} />, () =>
      openRegistryDialog({ kind: "sign-in", id }),
    ),
    ...(isOurs(credential)
      ? [
          item("forget", registriesText.forget, <LogOut aria-hidden className={icon} />, () => {
            void forgetSignIn(endpoint);
          }),
        ]
      : []),
    item("probe", detailsText.probe, <ScanSearch aria-hidden className={icon} />, () =>
      openRegistryDialog({ kind: "probe", id }),
    ),
    item("duplicate", registriesText.duplicate, <CopyPlus aria-hidden className={icon} />, () =>
      openRegistryDialog({ kind: "duplicate", id }),
    ),
  ];
}

function changeItems(endpoint: Endpoint): readonly MenuItem[] {
  const { id, settings } = endpoint;
  const locked = settings.readOnly === true;
  return [
    item("edit", registriesText.edit, <SquarePen aria-hidden className={icon} />, () =>
      openRegistryDialog({ kind: "edit", id }),
    ),
    item("rename", registriesText.rename, <Pencil aria-hidden className={icon} />, () =>
      openRegistryDialog({ kind: "rename", id }),
    ),
    item(
      "read-only",
      locked ? registriesText.makeWritable : registriesText.makeReadOnly,
      locked ? <LockOpen aria-hidden className={icon} /> : <Lock aria-hidden className={icon} />,
      () => void setReadOnly(endpoint, !locked),
    ),
    item("mark", registriesText.mark, <Palette aria-hidden className={icon} />, () =>
      openTransferDialog({ kind: "mark", endpointId: id }),
    ),
  ];
}
