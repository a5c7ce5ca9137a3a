// The Inspect drawer: an image's manifests, layers, configuration and attachments.
export function InspectDrawer() {
  return null;
}
