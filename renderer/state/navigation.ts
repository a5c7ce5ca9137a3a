// Which screen is shown, and which drawer lies over it.
import { create } from "zustand";
import { type ScreenName, screenNameSchema } from "../../shared/window-command.ts";

/** An image at an endpoint. */
export interface ImageAt {
  readonly endpointId: string;
  readonly repository: string;
  /** Tag or digest. */
  readonly reference: string;
}

export type OpenDrawer =
  | { readonly kind: "inspect"; readonly image: ImageAt }
  | { readonly kind: "compare"; readonly source: ImageAt; readonly destination: ImageAt }
  /** A run's report with the digests of both sides. */
  | { readonly kind: "report"; readonly runId: string }
  /** Log lines, of one run or of all. */
  | { readonly kind: "log"; readonly runId: string | undefined };

/** What lies over everything and is closed by Escape. */
export type Overlay = "palette" | "shortcuts";

interface Navigation {
  readonly screen: ScreenName;
  readonly drawer: OpenDrawer | undefined;
  readonly overlay: Overlay | undefined;
  /** The run that Transfers, and the section that Settings, should bring into sight. */
  readonly focus: { readonly runId?: string; readonly settings?: string; readonly jobId?: string };
}

export const useNavigation = create<Navigation>(() => ({
  screen: "transfer",
  drawer: undefined,
  overlay: undefined,
  focus: {},
}));

export function showScreen(screen: ScreenName, focus: Navigation["focus"] = {}): void {
  useNavigation.setState({ screen, focus });
}

export function openDrawer(drawer: OpenDrawer): void {
  useNavigation.setState({ drawer });
}

export function closeDrawer(): void {
  useNavigation.setState({ drawer: undefined });
}

let before: Element | null = null;

/** What had the focus when the overlay opened: it gets it back. */
export function focusBefore(): HTMLElement | null {
  return before instanceof HTMLElement && before.isConnected ? before : null;
}

export function openOverlay(overlay: Overlay): void {
  before = document.activeElement;
  useNavigation.setState({ overlay });
}

let closing = false;

export function closeOverlay(): void {
  useNavigation.setState({ overlay: undefined });
  closing = true;
  setTimeout(() => {
    closing = false;
  });
}

/** True while an overlay lies over a drawer or the plan, and within the key press that closes it: that Escape is its own. */
export function isUnderOverlay(): boolean {
  return closing || useNavigation.getState().overlay !== undefined;
}

const screenKey = "screen";

/** A page that is read anew shows the screen that it showed; a new one begins at home. */
export function keepScreen(storage: () => Pick<Storage, "getItem" | "setItem">): void {
  try {
    const kept = screenNameSchema.safeParse(storage().getItem(screenKey));
    if (kept.success) showScreen(kept.data);
    useNavigation.subscribe(({ screen }) => storage().setItem(screenKey, screen));
  } catch {
    // A browser that stores nothing for a site forgets the screen, too.
  }
}
