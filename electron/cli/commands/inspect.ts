// `inspect IMAGE`: the manifest, its platforms, layers, configuration and attachments.
import type { Command } from "commander";
import type { InspectedManifest, MethodResult } from "../../../shared/contract.ts";
import { shortDigest } from "../../../shared/digest.ts";
import { formatBytes } from "../../../shared/units.ts";
import { imageName, placeOf } from "../../app/run-names.ts";
import { savedEndpoints } from "../endpoints.ts";
import { exitCodes } from "../exit-code.ts";
import { sourceRepository } from "../layout-repository.ts";
import { printJson, printLines, readGlobals, type Session, withSession } from "../session.ts";
import { addSideOptions, readSideOptions, type SideOptions } from "../sides.ts";
import { factLines, tableLines } from "../table.ts";
import { parseImageTarget } from "../target.ts";
import { type CommandContext, examples } from "./command-context.ts";
import { openOneSide } from "./one-side.ts";

export function addInspect(program: Command, context: CommandContext): void {
  const command = program
    .command("inspect")
    .description("show an image's manifest, platforms, layers, configuration and attachments")
    .argument("<image>", "host/repository[:tag|@digest] or oci:DIR[:tag]");
  addSideOptions(command, "only");
  command.addHelpText("after", examples("inspect localhost:5000/team/app:v1"));
  command.action(async (text: string) => {
    const values = command.optsWithGlobals();
    const options = readSideOptions(values, "only");
    await withSession(context.io, readGlobals(values), (session) => inspect(session, text, options));
    context.finish(exitCodes.done);
  });
}

async function inspect(session: Session, text: string, options: SideOptions): Promise<void> {
  const { client, io, globals, stop } = session;
  const saved = await savedEndpoints(session);
  const image = parseImageTarget(text, saved.names);
  const endpoint = await openOneSide(session, { target: image.target, options, saved });
  const repository = await sourceRepository(session, endpoint.id, image);
  const reference = image.digest ?? image.tag ?? "latest";
  const found = await client.call("image.inspect", { endpointId: endpoint.id, repository, reference }, stop);
  const { attachments } = await client.call(
    "image.attachments",
    { endpointId: endpoint.id, repository, reference: found.root.digest },
    stop,
  );
  const name = imageName(placeOf(endpoint.settings), repository, reference);
  if (globals.json)
    printJson(io, {
      image: name,
      ...document(found.root),
      children: found.children.map(document),
      attachments: attachments.map(attachmentDocument),
    });
  else printLines(io, [...inspectLines(name, found), ...attachmentLines(attachments)]);
}

function document(manifest: InspectedManifest) {
  const { digest, kind, platform, size, config, layers, text } = manifest;
  const descriptor = (of: { digest: string; mediaType: string; size: number }) => ({
    media_type: of.mediaType,
    digest: of.digest,
    size: of.size,
  });
  return {
    digest,
    media_type: manifest.mediaType,
    kind,
    platform,
    size,
    config: config === null ? null : descriptor(config),
    layers: layers.map(descriptor),
    manifest: text,
  };
}

type Attachment = MethodResult<"image.attachments">["attachments"][number];

function attachmentDocument({ digest, subject, mediaType, artifactType, size, tag }: Attachment) {
  return { digest, subject, media_type: mediaType, artifact_type: artifactType, size, tag };
}

function attachmentLines(attachments: readonly Attachment[]): string[] {
  if (attachments.length === 0) return ["", "Attachments: none found."];
  const rows = attachments.map(({ digest, subject, mediaType, artifactType, tag }) => [
    artifactType ?? mediaType,
    digest,
    shortDigest(subject),
    tag ?? "referrer",
  ]);
  const columns = ["ATTACHMENT", "DIGEST", "BELONGS TO", "FOUND BY"].map((title) => ({ title }));
  return ["", ...tableLines(columns, rows)];
}

function inspectLines(name: string, { root, children }: MethodResult<"image.inspect">): string[] {
  const unique = new Map<string, number>();
  for (const manifest of [root, ...children]) {
    for (const blob of [...(manifest.config ? [manifest.config] : []), ...manifest.layers])
      unique.set(blob.digest, blob.size);
  }
  const total = [...unique.values()].reduce((sum, size) => sum + size, 0);
  const facts = factLines([
    ["Image", name],
    ["Digest", root.digest],
    ["Kind", `${root.kind} (${root.mediaType})`],
    ["Manifest", formatBytes(root.size)],
    ["Content", `${formatBytes(total)} in ${unique.size} blobs`],
  ]);
  const platforms = children.map((child) => [
    child.platform ?? "-",
    child.digest,
    String(child.layers.length),
    formatBytes(child.layers.reduce((sum, layer) => sum + layer.size, child.config?.size ?? 0)),
  ]);
  const columns = [
    { title: "PLATFORM" },
    { title: "DIGEST" },
    { title: "LAYERS", align: "right" },
    { title: "SIZE", align: "right" },
  ] as const;
  const table = platforms.length > 0 ? ["", ...tableLines(columns, platforms)] : [];
  return [...facts, ...table, ...(root.kind === "image" ? ["", ...blobLines(root)] : [])];
}

function blobLines(manifest: InspectedManifest): string[] {
  const rows = [
    ...(manifest.config ? [["config", manifest.config] as const] : []),
    ...manifest.layers.map((layer) => ["layer", layer] as const),
  ].map(([what, blob]) => [what, blob.digest, formatBytes(blob.size), blob.mediaType]);
  return tableLines(
    [{ title: "PART" }, { title: "DIGEST" }, { title: "SIZE", align: "right" }, { title: "MEDIA TYPE" }],
    rows,
  );
}
