// The Inspect drawer: an image's manifests, layers, configuration and attachments.
import { ArrowLeft } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { toFreightlinerError } from "../../../shared/errors.ts";
import { IconButton } from "../../components/button.tsx";
import { Drawer } from "../../components/drawer.tsx";
import { ErrorState, LoadingRows } from "../../components/states.tsx";
import { useEndpoint } from "../../state/endpoints.ts";
import { closeDrawer, type ImageAt, openDrawer, useNavigation } from "../../state/navigation.ts";
import { commonText } from "../../text/common.ts";
import { inspectText, nameOf } from "../../text/inspect.ts";
import { ImageView } from "./image-view.tsx";
import { InspectActions } from "./inspect-actions.tsx";
import { useImage } from "./read-image.ts";

export function InspectDrawer() {
  const drawer = useNavigation((state) => state.drawer);
  const image = drawer?.kind === "inspect" ? drawer.image : undefined;
  // What was shown stays while the drawer slides away.
  const last = useRef<ImageAt>(undefined);
  if (image !== undefined) last.current = image;
  const shown = image ?? last.current;
  const [trail, setTrail] = useState<readonly ImageAt[]>([]);
  useEffect(() => {
    if (image === undefined) setTrail([]);
  }, [image]);
  const endpoint = useEndpoint(shown?.endpointId);
  if (shown === undefined) return null;

  const previous = trail.at(-1);
  const goTo = (next: ImageAt): void => {
    setTrail([...trail, shown]);
    openDrawer({ kind: "inspect", image: next });
  };
  const goBack = (): void => {
    if (previous === undefined) return;
    setTrail(trail.slice(0, -1));
    openDrawer({ kind: "inspect", image: previous });
  };
  return (
    <Drawer
      open={image !== undefined}
      onOpenChange={(open) => !open && closeDrawer()}
      width="wide"
      title={
        <span className="flex min-w-0 items-center gap-1.5">
          {previous !== undefined && (
            <IconButton
              label={inspectText.back}
              icon={<ArrowLeft aria-hidden className="size-4" />}
              onClick={goBack}
            />
          )}
          <span className="truncate" data-selectable title={nameOf(shown.repository, shown.reference)}>
            {nameOf(shown.repository, shown.reference)}
          </span>
        </span>
      }
      description={endpoint?.name ?? shown.endpointId}
      actions={<InspectActions image={shown} />}
    >
      <ImageBody
        key={`${shown.endpointId}/${nameOf(shown.repository, shown.reference)}`}
        image={shown}
        onOpen={goTo}
      />
    </Drawer>
  );
}

function ImageBody({
  image,
  onOpen,
}: {
  readonly image: ImageAt;
  readonly onOpen: (image: ImageAt) => void;
}) {
  const query = useImage(image);
  const where = useEndpoint(image.endpointId)?.name;
  if (query.isError)
    return (
      <ErrorState
        error={toFreightlinerError(query.error, "image.inspect")}
        where={where}
        action={{ label: commonText.retry, onSelect: () => void query.refetch() }}
      />
    );
  if (query.data === undefined) return <LoadingRows label={inspectText.loading} />;
  return <ImageView image={image} root={query.data.root} platforms={query.data.children} onOpen={onOpen} />;
}
