// The floor of a large copy: the same unique bytes piped from one registry to the other, with no check, no memory of it, no retry.
import { join } from "node:path";
import { childEnd, startChild } from "../test/support/child.ts";
import { type BuiltImage, blobsOf } from "../test/support/image-builder.ts";
import { putManifest, type RawTarget, rawRequest } from "../test/support/raw-http.ts";

interface Ends {
  readonly source: RawTarget;
  readonly destination: RawTarget;
}

interface Where {
  readonly repository: string;
  readonly tag: string;
}

interface Pipe {
  readonly from: string;
  readonly to: string;
  readonly size: number;
}

async function openPipes(ends: Ends, repository: string, image: BuiltImage): Promise<readonly Pipe[]> {
  const { source, destination } = ends;
  return Promise.all(
    blobsOf(image).map(async ({ digest, size }) => {
      const opened = await rawRequest(destination, `/v2/${repository}/blobs/uploads/`, { method: "POST" });
      const location = new URL(String(opened.headers.location), destination.url);
      const to = `${location.href}${location.search === "" ? "?" : "&"}digest=${encodeURIComponent(digest)}`;
      return { from: `${source.url}/v2/${repository}/blobs/${digest}`, to, size };
    }),
  );
}

/** Two curls and a pipe for each layer, all layers at once. Returns seconds. */
export async function curlFloor(ends: Ends, where: Where, image: BuiltImage): Promise<number> {
  const started = performance.now();
  const pipes = await openPipes(ends, where.repository, image);
  await Promise.all(
    pipes.map(async ({ from, to, size }) => {
      const script = `curl -sf "$1" | curl -sf -T - -H "Content-Type: application/octet-stream" -H "Content-Length: $3" -H "Expect:" "$2"`;
      await runToEnd("sh", ["-c", script, "sh", from, to, String(size)]);
    }),
  );
  await putManifest(ends.destination, { repository: where.repository, reference: where.tag }, image);
  return (performance.now() - started) / 1000;
}

/** A bare Node process that pipes socket to socket. Returns seconds. */
export async function nodeFloor(ends: Ends, where: Where, image: BuiltImage): Promise<number> {
  const started = performance.now();
  const pipes = await openPipes(ends, where.repository, image);
  await runToEnd(process.execPath, [join(import.meta.dirname, "floor-pipe.ts"), JSON.stringify(pipes)]);
  await putManifest(ends.destination, { repository: where.repository, reference: where.tag }, image);
  return (performance.now() - started) / 1000;
}

async function runToEnd(command: string, args: readonly string[]): Promise<void> {
  const child = startChild(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  const { code } = await childEnd(child);
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
}
