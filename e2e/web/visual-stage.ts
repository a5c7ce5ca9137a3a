// The stage of the pictures: registries with the same images every time, and a page on which nothing that changes by itself is shown.
import type { Browser, BrowserContext, Page } from "@playwright/test";
import type { ContractClient } from "../../shared/client.ts";
import { type BuiltHost, startBuiltHost } from "../../test/support/built-host.ts";
import { freePort } from "../../test/support/child.ts";
import { enterHost } from "../../test/support/enter-host.ts";
import {
  type BuiltImage,
  buildArtifact,
  buildImage,
  buildIndex,
  buildMultiPlatform,
  pushImage,
} from "../../test/support/image-builder.ts";
import { type RealRegistry, startRealRegistry } from "../../test/support/real-registry.ts";
import { type SlowProxy, startSlowProxy } from "../../test/support/slow-proxy.ts";
import { type TempFolder, tempFolder } from "../../test/support/temp.ts";
import { credential } from "./stage.ts";

const mebi = 1024 * 1024;

export interface VisualStage {
  readonly host: BuiltHost;
  readonly client: ContractClient;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Before the source: slows it down and cuts it off. */
  readonly proxy: SlowProxy;
  readonly ids: Readonly<Record<"staging" | "production" | "partner" | "archive", string>>;
  close(): Promise<void>;
}

/** `empty`: the registries answer and hold nothing. */
export async function startVisualStage(
  browser: Browser,
  { empty = false }: { readonly empty?: boolean } = {},
): Promise<VisualStage> {
  const [source, destination, partner, home] = await Promise.all([
    startRealRegistry(),
    startRealRegistry({ delete: true }),
    startRealRegistry(credential),
    tempFolder("visual"),
  ]);
  if (!empty) await Promise.all([fillSource(source), fillDestination(destination)]);
  const proxy = await startSlowProxy({ port: source.port });
  const host = await startBuiltHost(home.path, { TZ: "Europe/Vienna" });
  const add = async (name: string, address: string): Promise<string> =>
    (
      await host.client.call("endpoints.add", {
        name,
        settings: { kind: "registry", host: address, plainHttp: "always" },
      })
    ).id;
  const ids = {
    staging: await add("Staging", proxy.host),
    // Hosts are listed by their addresses, of which ports are others each time: by its name it comes last.
    production: await add("Production", destination.host.replace("127.0.0.1", "localhost")),
    partner: await add("Partner", partner.host),
    archive: await add("Old archive", `127.0.0.1:${await freePort()}`),
  };
  const { context, page } = await openStillPage(browser, host);
  return {
    ...{ host, client: host.client, context, page, proxy, ids },
    close: async () => {
      await context.close();
      await host.stop();
      await proxy.close();
      await end([source, destination, partner], home);
    },
  };
}

async function end(registries: readonly RealRegistry[], home: TempFolder): Promise<void> {
  await Promise.all(registries.map((registry) => registry.stop()));
  await home.remove();
}

/** A page that is signed in and holds still. */
export async function openStillPage(
  browser: Browser,
  host: BuiltHost,
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "Europe/Vienna",
    permissions: ["clipboard-read", "clipboard-write"],
    // What holds the page still is a script and a style of the test.
    bypassCSP: true,
  });
  await context.addInitScript(holdTextStill);
  await enterHost(context, host);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(host.origin);
  return { context, page };
}

/** In the page: puts one fixed text in the place of each that depends on the moment, the port or the machine. */
function holdTextStill(): void {
  const fixed: readonly (readonly [RegExp, string])[] = [
    [/(?:127\.0\.0\.1|localhost):\d+/g, "127.0.0.1:5000"],
    [/\d+(\.\d+)? (B|KiB|MiB)\/s/g, "8.0 MiB/s"],
    [/^\d+ %$/g, "40 %"],
    [/[\d.]+ ((?:B|KiB|MiB) )?\/ (?=[\d.]+ (?:B|KiB|MiB))/g, "1.0 / "],
    [/\b\d{1,2} [A-Z][a-z]{2} 20\d\d, \d\d:\d\d(:\d\d)?/g, "21 Nov 2026, 09:30:00"],
    [/\b\d+ (sec|min|hr|days?|mths?|mo|months?|yrs?|years?)\.? ago\b/g, "2 min ago"],
    [/\bin \d+ (sec|min|hr|days?|hrs?)\b\.?/g, "in 9 hr"],
    [/\bjust now\b/g, "2 min ago"],
    [/^( |(?:Passed|Limited|Failed) )?(\d+ h )?(\d+ min )?\d+ (ms|s)$/g, "$12 s"],
    [/\b(in) (\d+ min )?\d+ m?s\b/g, "$1 2 s"],
    [/\babout \d+ (s|min|h)\b|\ba few seconds\b|\bestimating\b/g, "about 2 min"],
    [/\b\d\d:\d\d:\d\d(\.\d+)?\b/g, "09:30:00"],
    [/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, "01JABCDEFGHJKMNPQRSTVWXYZ0"],
    [/freightliner-20[\w-]+\.db/g, "freightliner-2026-11-21.db"],
    [/\b\d+ waiting\b/g, "4 waiting"],
    [/\b\d+ large · \d+ small\b/g, "6 large · 0 small"],
    [/^…[0-9A-Z]{6}$/, "…RSTVWX"],
    [/\/tmp\/[^\s"/]+/g, "/home/you"],
    [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} [A-Z][a-z]{2}, /g, "Mon 23 Nov, "],
  ];
  const still = (text: string): string => fixed.reduce((now, [from, to]) => now.replace(from, to), text);
  const visit = (node: Node): void => {
    if (node instanceof Text) {
      // What can be chosen is not what is measured: 60 s stay 60 s.
      if (node.parentElement?.closest("[aria-pressed], #setting-times, #setting-timetable") != null) return;
      const text = still(node.data);
      if (text !== node.data) node.data = text;
      return;
    }
    if (node instanceof HTMLInputElement) {
      const text = still(node.value);
      if (text !== node.value) node.value = text;
    }
    for (const child of node.childNodes) visit(child);
  };
  const observer = new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      if (target instanceof Text) visit(target);
      for (const node of addedNodes) visit(node);
    }
  });
  observer.observe(document, { subtree: true, childList: true, characterData: true });
}

/** An index of two platforms with an SBOM and cosign's signature. */
async function pushSigned(target: RealRegistry, image: BuiltImage, repository: string): Promise<void> {
  const { mediaType, digest, size } = image;
  const sbom = buildArtifact({
    seed: "sbom",
    artifactType: "application/spdx+json",
    subject: { mediaType, digest, size },
  });
  const tag = digest.replace(":", "-");
  await pushImage(target, buildIndex({ children: [sbom] }), repository, tag);
  await pushImage(target, buildArtifact({ seed: "signature" }), repository, `${tag}.sig`);
}

function web(version: number): Promise<BuiltImage> {
  return buildMultiPlatform({
    seed: "web",
    layers: 2 + version,
    layerSize: 400_000,
    sharedLayerSize: 3 * mebi,
    created: `2026-0${version}-15T08:00:00Z`,
    labels: {
      "org.opencontainers.image.title": "web",
      "org.opencontainers.image.version": `1.${version}.0`,
      deploy_token: "not really one",
    },
  });
}

async function fillSource(target: RealRegistry): Promise<void> {
  for (const version of [1, 2, 3]) {
    const image = await web(version);
    await pushImage(target, image, "shop/web", `v1.${version}.0`);
    if (version < 3) continue;
    await pushImage(target, image, "shop/web", "latest");
    await pushSigned(target, image, "shop/web");
  }
  for (const [name, size] of [
    ["shop/api", 6 * mebi],
    ["shop/worker", 2 * mebi],
    ["platform/base", 3 * mebi],
    ["platform/gateway", 1 * mebi],
    ["data/etl/loader", 5 * mebi],
    ["data/etl/cleaner", 200_000],
  ] as const) {
    for (const tag of ["v1.0.0", "v1.1.0", "latest"]) {
      const seed = tag === "latest" ? `${name}v1.1.0` : `${name}${tag}`;
      const created = tag === "v1.0.0" ? "2026-02-01T08:00:00Z" : "2026-06-01T08:00:00Z";
      await pushImage(target, await buildImage({ seed, created, layerSize: size }), name, tag);
    }
  }
}

async function fillDestination(target: RealRegistry): Promise<void> {
  await pushImage(target, await web(1), "shop/web", "v1.1.0");
  await pushImage(target, await web(2), "shop/web", "v1.2.0");
  await pushImage(target, await web(2), "shop/web", "latest");
  const old = await buildImage({ seed: "old", created: "2025-12-01T08:00:00Z", layerSize: mebi });
  await pushImage(target, old, "shop/web", "v0.9.0");
  await pushImage(target, old, "legacy/cron", "v3");
}
