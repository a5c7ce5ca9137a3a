// The icon of each kind of registry.
import {
  Archive,
  Box,
  Cloud,
  Container,
  FolderArchive,
  GitBranch,
  Laptop,
  Package,
  Server,
} from "lucide-react";
import type { ComponentType } from "react";
import { kindWords } from "../../text/registry-kinds.ts";
import type { RegistryKind } from "./registry-kind.ts";

type Icon = ComponentType<{ readonly className?: string; readonly "aria-hidden"?: boolean }>;

const icons: Readonly<Record<RegistryKind, Icon>> = {
  "docker-hub": Container,
  ghcr: GitBranch,
  ecr: Cloud,
  "ecr-public": Cloud,
  google: Cloud,
  acr: Cloud,
  quay: Box,
  gitlab: GitBranch,
  harbor: Box,
  artifactory: Package,
  nexus: Package,
  zot: Server,
  distribution: Server,
  local: Laptop,
  generic: Server,
  layout: FolderArchive,
  archive: Archive,
};

/** Its name is in the title; say it beside where it matters. */
export function KindIcon({ kind }: { readonly kind: RegistryKind }) {
  const Shape = icons[kind];
  return (
    <span title={kindWords[kind].name} className="inline-flex shrink-0 text-muted">
      <Shape aria-hidden className="size-4" />
    </span>
  );
}
