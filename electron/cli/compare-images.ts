// `compare` of two images: which of their manifests, configs, layers and attachments are on one side only.
import type { MethodResult } from "../../shared/contract.ts";
import { formatBytes } from "../../shared/units.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { imagePair } from "./image-pair.ts";
import type { Sides } from "./repository-pairs.ts";
import { printJson, printLine, printLines, type Session } from "./session.ts";
import { tableLines } from "./table.ts";
import type { ImageTarget } from "./target.ts";

type Compared = MethodResult<"compare.image">;
type Part = Compared["parts"][number];

export async function compareImages(
  session: Session,
  sides: Sides,
  source: ImageTarget,
  destination: ImageTarget,
): Promise<ExitCode> {
  const { client, io, globals, stop } = session;
  const pair = await imagePair(session, sides, source, destination);
  const found = await client.call("compare.image", pair, stop);
  if (globals.json) printJson(io, document(found));
  else printHuman(session, found);
  return exitCodes.done;
}

function document(found: Compared) {
  const at = (side: Part["at"]) =>
    found.parts
      .filter((part) => part.at === side)
      .map(({ what, digest, mediaType, size, platform }) => ({
        what,
        digest,
        media_type: mediaType,
        size,
        platform,
      }));
  const roots = { source_digest: found.sourceDigest, destination_digest: found.destinationDigest };
  const bothThere = found.sourceDigest !== null && found.destinationDigest !== null;
  return {
    missing: at("source"),
    different: bothThere && !found.equal ? [roots] : [],
    extra: at("destination"),
    same: at("both").length,
    equal: found.equal,
    ...roots,
  };
}

const words: Readonly<Record<Part["at"], string>> = { both: "same", source: "missing", destination: "extra" };

function printHuman({ io }: Session, found: Compared): void {
  if (found.equal) printLine(io, `Equal: ${found.sourceDigest} (${found.parts.length} parts on both sides).`);
  else
    printLine(
      io,
      `Different: source ${found.sourceDigest ?? "nothing"}, destination ${found.destinationDigest ?? "nothing"}.`,
    );
  const rows = found.parts
    .filter((part) => part.at !== "both")
    .map((part) => [words[part.at], part.what, part.digest, formatBytes(part.size), part.platform ?? "-"]);
  const columns = [
    { title: "FINDING" },
    { title: "PART" },
    { title: "DIGEST" },
    { title: "SIZE", align: "right" },
    { title: "PLATFORM" },
  ] as const;
  if (rows.length > 0) printLines(io, ["", ...tableLines(columns, rows)]);
}
