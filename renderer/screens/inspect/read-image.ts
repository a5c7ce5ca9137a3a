// What the drawers read of an image; kept for a while, and given up when nobody looks any more.
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { MethodResult } from "../../../shared/contract.ts";
import type { FreightlinerError } from "../../../shared/errors.ts";
import { call } from "../../api/client.ts";
import type { ImageAt } from "../../state/navigation.ts";

type Read<M extends "image.inspect" | "image.config" | "image.attachments" | "blobs.locations"> =
  UseQueryResult<MethodResult<M>, FreightlinerError>;

export function useImage(image: ImageAt | undefined): Read<"image.inspect"> {
  return useQuery({
    queryKey: ["image.inspect", image],
    queryFn: ({ signal }) => call("image.inspect", asked(image), signal),
    enabled: image !== undefined,
  });
}

/** The configuration of one manifest; only where it has one. */
export function useImageConfig(image: ImageAt | undefined): Read<"image.config"> {
  return useQuery({
    queryKey: ["image.config", image],
    queryFn: ({ signal }) => call("image.config", asked(image), signal),
    enabled: image !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useAttachments(image: ImageAt): Read<"image.attachments"> {
  return useQuery({
    queryKey: ["image.attachments", image],
    queryFn: ({ signal }) => call("image.attachments", asked(image), signal),
  });
}

/** At most 500 digests are asked for. */
export function useLocations(digests: readonly string[]): Read<"blobs.locations"> {
  const some = digests.slice(0, 500);
  return useQuery({
    queryKey: ["blobs.locations", some],
    queryFn: ({ signal }) => call("blobs.locations", { digests: some }, signal),
    enabled: some.length > 0,
  });
}

function asked(image: ImageAt | undefined): ImageAt {
  if (image === undefined) throw new Error("A query without an image is not enabled.");
  const { endpointId, repository, reference } = image;
  return { endpointId, repository, reference };
}
