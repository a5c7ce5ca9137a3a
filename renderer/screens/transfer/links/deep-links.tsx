// Takes deep links when they wait: from the program that the operating system started, or from this page's address.
import { useEffect } from "react";
import { deepLinkScheme, parseDeepLink } from "../../../../shared/deep-link.ts";
import { call } from "../../../api/client.ts";
import { onLive } from "../../../api/live.ts";
import { showError } from "../../../components/toast.tsx";
import { useEndpoints } from "../../../state/endpoints.ts";
import { placesText } from "../../../text/places.ts";
import { openLink } from "./open-link.ts";
import { UnknownRegistryDialog } from "./unknown-registry-dialog.tsx";

/** Part of the window on every screen. */
export function DeepLinks() {
  const loaded = useEndpoints((state) => state.loaded);
  useEffect(() => {
    // Links name registries by their addresses: those must be known first.
    if (!loaded) return;
    void takeLinks();
    takeFragment();
    window.addEventListener("hashchange", takeFragment);
    const stop = onLive("link.waiting", () => void takeLinks());
    return () => {
      window.removeEventListener("hashchange", takeFragment);
      stop();
    };
  }, [loaded]);
  return <UnknownRegistryDialog />;
}

async function takeLinks(): Promise<void> {
  // Best effort: a face without deep links has none that wait.
  const { links } = await call("links.take", {}).catch(() => ({ links: [] }));
  for (const link of links) openLink(link);
}

/** `#copy?from=…&to=…` behind the page's address does what the link does. The start link's token is another matter. */
function takeFragment(): void {
  const text = window.location.hash.replace(/^#/, "");
  if (!text.startsWith("copy?")) return;
  window.history.replaceState(null, "", window.location.pathname);
  try {
    openLink(parseDeepLink(`${deepLinkScheme}://${text}`));
  } catch (thrown) {
    showError(placesText.link.failed, thrown);
  }
}
