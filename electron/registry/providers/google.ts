// Google Artifact Registry, and the gcr.io names that it serves.
import { z } from "zod";
import { FreightlinerError } from "../../../shared/errors.ts";
import { defaultDeadlines } from "../limits.ts";
import { deleteManifest } from "../manifests.ts";
import { type GoogleIdentity, googleIdentityOf } from "./google-project.ts";
import { googleTags } from "./google-tags.ts";
import type { Provider, ProviderContext } from "./provider.ts";
import { apiBase } from "./vendor-base.ts";
import { Brought, vendorPages } from "./vendor-pages.ts";
import { VendorSession } from "./vendor-session.ts";

const operation = "list-repositories";
/** Repositories and folders that are looked into at most. */
const mostFolders = 100_000;

const repositoriesSchema = z.object({
  repositories: z.array(z.object({ name: z.string(), format: z.string().optional() })).optional(),
});
const nextSchema = z.object({ nextPageToken: z.string().min(1) });

export const google: Provider = {
  id: "google",
  // Documented as one request only: https://cloud.google.com/artifact-registry/docs/reference/docker-api
  // Its tags/list gives everything at once, whatever page is asked for.
  quirks: { parts: "never", opaquePages: true },

  /** Below what the identity's project holds; by the catalogue where no project is known. */
  async *listRepositories(context, signal) {
    const identity = await googleIdentityOf(context, signal);
    if (identity === undefined) {
      yield* context.catalog(signal);
      return;
    }
    const brought = new Brought({ operation, what: `the repositories of ${identity.project}` });
    for await (const roots of rootsOf(context, identity, signal))
      for (const root of roots) yield* below(context, root, brought, signal);
  },

  /** A digest with tags is not deleted: its tags go first. */
  async deleteManifest({ client }, repository, reference, signal) {
    const manifests = {
      client,
      deadlineMs: defaultDeadlines.smallBodyMs,
      asksForDelete: true,
      forbidsStandingTags: false,
    };
    const about = { repository, operation: "delete-manifest" };
    const tags = reference.includes(":")
      ? ((await googleTags(client, about, signal)).tagsOf(reference) ?? [])
      : [];
    for (const tag of tags) {
      try {
        await deleteManifest(manifests, { repository, reference: tag, signal });
      } catch (error) {
        // Somebody else took it away meanwhile.
        if (!(error instanceof FreightlinerError && error.code === "manifest-unknown")) throw error;
      }
    }
    await deleteManifest(manifests, { repository, reference, signal });
  },
};

/** Where to look: `gcr.io/PROJECT`, and the Docker repositories of the project in the place that the host names. */
async function* rootsOf(
  context: ProviderContext,
  { project, header }: GoogleIdentity,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  // Projects of a domain are folders: `example.com:app` is `example.com/app`.
  const path = project.replace(":", "/");
  const location = /^([a-z0-9-]+)-docker\.pkg\.dev$/.exec(context.host)?.[1];
  if (location === undefined) {
    yield [path];
    return;
  }
  // https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories/list
  const base = apiBase(context, "https://artifactregistry.googleapis.com", operation);
  const first = new URL(
    `v1/projects/${encodeURIComponent(project)}/locations/${location}/repositories`,
    base,
  );
  first.search = "pageSize=1000";
  const session = await VendorSession.open(context, header, signal);
  if (session === undefined) return;
  const pages = vendorPages({
    first,
    ask: (url) => session.ask({ method: "GET", url, operation, signal }),
    parse: (json) => {
      const parsed = repositoriesSchema.safeParse(json);
      return parsed.success ? (parsed.data.repositories ?? []) : undefined;
    },
    next: ({ json, url }) => {
      const { success, data } = nextSchema.safeParse(json);
      if (!success) return undefined;
      const next = new URL(url);
      next.searchParams.set("pageToken", data.nextPageToken);
      return next.href;
    },
    key: ({ name }) => name,
    emptyPages: true,
    operation,
    what: `the repositories of ${project}`,
  });
  // What is not Docker's counts as brought: a page of nothing else is not the last one.
  for await (const page of pages)
    yield page
      .filter(({ format = "DOCKER" }) => format === "DOCKER")
      .map(({ name }) => `${path}/${name.slice(name.lastIndexOf("/") + 1)}`);
}

/** The root and everything below it, one question each. What was taken away meanwhile or is closed is left out. */
async function* below(
  { client }: ProviderContext,
  root: string,
  brought: Brought,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const queue = [root];
  for (let looked = 0; looked < mostFolders; looked += 1) {
    const repository = queue.shift();
    if (repository === undefined) return;
    try {
      const { children, hasImages } = await googleTags(client, { repository, operation }, signal);
      const names = brought.repositories(hasImages ? [repository] : []);
      if (names.length > 0) yield names;
      queue.push(
        ...brought
          .fresh(children, (child) => `${repository}/${child}/`)
          .map((child) => `${repository}/${child}`),
      );
    } catch (error) {
      const closed =
        error instanceof FreightlinerError && ["repository-unknown", "forbidden"].includes(error.code);
      if (!closed) throw error;
    }
  }
}
