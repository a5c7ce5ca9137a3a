// What the hostile registries' tests share: a server that writes raw bytes, and copies of one image by the real engine.
import { createServer, type Socket } from "node:net";
import type { Run } from "../../../shared/run.ts";
import { type Harness, harness, image } from "../../engine/harness.ts";
import { client, fixture, planBetween, runBetween } from "../../engine/over-http.ts";
import type { FixtureRegistry } from "../../support/fixture-registry.ts";
import { type BuiltImage, buildImage, pushImage } from "../../support/image-builder.ts";
import { afterwards } from "../scripted-server.ts";

export const alice = { kind: "password" as const, username: "alice", password: "swordfish-of-alice" };
export const aliceBasic = `Basic ${Buffer.from("alice:swordfish-of-alice").toString("base64")}`;

/** Answers every request on a connection with what `reply` writes; pings get a plain 200. */
export async function serveRaw(reply: (socket: Socket, request: string) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      const request = bytes.toString("latin1");
      if (request.startsWith("GET /v2/ ")) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
      else reply(socket, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterwards(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return `127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

export interface Copy {
  readonly h: Harness;
  readonly source: FixtureRegistry;
  readonly destination: FixtureRegistry;
  readonly built: BuiltImage;
  /** Plans and runs `app:v1` from one to the other. */
  run(): Promise<Run>;
}

/** Two registries over HTTP, `app:v1` on the first. */
export async function copyBetweenRegistries(): Promise<Copy> {
  const h = harness();
  const [source, destination] = [await fixture(), await fixture()];
  const built = await buildImage({ seed: "hostile", layers: 2 });
  await pushImage(source, built, "app", "v1");
  const ends = { source: client(source.host), destination: client(destination.host) };
  const run = async () => {
    const planned = await planBetween(h, ends, { selection: [image("app", "v1")] });
    return planned.state === "planned" ? runBetween(h, ends, planned) : planned;
  };
  return { h, source, destination, built, run };
}
