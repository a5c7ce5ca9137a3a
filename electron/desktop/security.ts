// What pages may not do: permissions, navigation, new windows, downloads, requests to anywhere but app://bundle.
import type { App, Session, WebContents } from "electron";
import { appOrigin, isAppPage } from "./app-protocol.ts";

/** Without handlers Electron grants everything; copying text is all that our page needs. */
const grantedPermissions: ReadonlySet<string> = new Set(["clipboard-sanitized-write"]);

/** Closes a session: used on our own and on the default one, which nothing is meant to use. */
export function hardenSession(session: Session, options: { readonly developing: boolean }): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(grantedPermissions.has(permission) && isAppPage(contents.getURL()));
  });
  session.setPermissionCheckHandler((contents, permission) => {
    return grantedPermissions.has(permission) && contents !== null && isAppPage(contents.getURL());
  });
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
  session.on("will-download", (event, item, contents) => {
    // What the page itself made (a report, a sync file, a log) is saved where the person says; nothing else is.
    if (!isOwnBlob(item.getURL()) || !isAppPage(contents.getURL())) event.preventDefault();
  });
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !mayLoad(details.url, options) });
  });
}

/** Data that our own page made and holds. */
function isOwnBlob(address: string): boolean {
  return address.startsWith(`blob:${appOrigin}/`);
}

/** The page talks to the engine through IPC; nothing in a window has business on a network. */
export function mayLoad(address: string, options: { readonly developing: boolean }): boolean {
  if (!URL.canParse(address)) return false;
  if (isOwnBlob(address)) return true;
  const { protocol, host } = new URL(address);
  if (protocol === "app:") return host === "bundle";
  if (protocol === "data:") return true;
  return options.developing && (protocol === "devtools:" || protocol === "chrome-extension:");
}

/** Keeps every page where it is; links that may leave go to `openExternal`. */
export function hardenContents(app: App, openExternal: (address: string) => void): void {
  app.on("web-contents-created", (_event, contents) => keepInPlace(contents, openExternal));
}

function keepInPlace(contents: WebContents, openExternal: (address: string) => void): void {
  contents.on("will-navigate", (event) => {
    if (!isAppPage(event.url)) event.preventDefault();
  });
  contents.on("will-frame-navigate", (event) => {
    if (!event.isMainFrame || !isAppPage(event.url)) event.preventDefault();
  });
  contents.on("will-redirect", (event) => {
    if (!isAppPage(event.url)) event.preventDefault();
  });
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openExternal(url);
    return { action: "deny" };
  });
}
