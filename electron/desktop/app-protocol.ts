// app://bundle: the renderer's files by exact name and nothing else, with the page's security headers.
import type { CustomScheme } from "electron";
import { cacheControl, pageHeaders } from "../app/page-headers.ts";
import { findRendererFile, type RendererFiles } from "../app/renderer-files.ts";

export const appOrigin = "app://bundle";
export const startPage = `${appOrigin}/`;

/** Must be registered before the program is ready, once. What is not named stays off: no CSP bypass, no service workers. */
export const appScheme: CustomScheme = {
  scheme: "app",
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

/** Electron turns a handler's exception into a network error; this one has none to throw. */
export function serveRenderer(files: RendererFiles): (request: Request) => Response {
  return (request) => {
    const url = new URL(request.url);
    const reads = request.method === "GET" || request.method === "HEAD";
    const file = reads && isOurs(url) ? findRendererFile(files, url.pathname) : undefined;
    if (file === undefined) return new Response(null, { status: 404, headers: pageHeaders([]) });
    const headers = {
      ...pageHeaders([]),
      "Content-Type": file.type,
      "Content-Length": String(file.bytes.length),
      "Cache-Control": cacheControl(file),
    };
    return new Response(request.method === "HEAD" ? null : new Uint8Array(file.bytes), { headers });
  };
}

/** `URL.origin` is "null" for our scheme in Node, so its parts are compared. */
function isOurs(url: URL): boolean {
  return url.protocol === "app:" && url.host === "bundle" && url.username === "" && url.password === "";
}

/** True for the only page that a window may show. */
export function isAppPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return isOurs(url) && (url.pathname === "/" || url.pathname === "/index.html");
}
