// Images and artifacts that the conformance checks push, and the push that reads everything back.
import { expect } from "vitest";
import {
  type Algorithm,
  type Answer,
  accept,
  digestOf,
  emptyType,
  freshBytes,
  locationOf,
  ociConfig,
  ociLayer,
  ociManifest,
  type Session,
} from "./session.ts";

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly [more: string]: unknown;
}

export function descriptor(mediaType: string, bytes: Uint8Array, algorithm?: Algorithm): Descriptor {
  return { mediaType, digest: digestOf(bytes, algorithm), size: bytes.length };
}

export interface Made {
  readonly bytes: Buffer;
  readonly mediaType: string;
  readonly descriptor: Descriptor;
}

export function made(value: Readonly<Record<string, unknown>>, mediaType: string): Made {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...value }));
  return { bytes, mediaType, descriptor: descriptor(mediaType, bytes) };
}

/** An image whose config and layer are pushed. */
export async function image(session: Session, more: Readonly<Record<string, unknown>> = {}): Promise<Made> {
  const layer = freshBytes();
  const config = Buffer.from(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      config: {},
      rootfs: { type: "layers", diff_ids: [digestOf(layer)] },
    }),
  );
  await session.pushBlob(layer);
  await session.pushBlob(config);
  const parts = { config: descriptor(ociConfig, config), layers: [descriptor(ociLayer, layer)] };
  return made({ ...parts, ...more }, ociManifest);
}

export async function artifact(
  session: Session,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Made> {
  const empty = Buffer.from("{}");
  const payload = freshBytes(100);
  await session.pushBlob(empty);
  await session.pushBlob(payload);
  const parts = {
    config: descriptor(emptyType, empty),
    layers: [descriptor("application/x-payload", payload)],
  };
  return made({ artifactType: "application/vnd.example.conformance", ...parts, ...more }, ociManifest);
}

async function expectManifest(session: Session, reference: string, manifest: Made): Promise<void> {
  for (const name of [reference, manifest.descriptor.digest]) {
    const head = await session.send("HEAD", `manifests/${name}`, { headers: accept });
    expect([name, head.status, head.headers["content-length"]]).toEqual([
      name,
      200,
      String(manifest.bytes.length),
    ]);
    const got = await session.send("GET", `manifests/${name}`, { headers: accept });
    expect([got.status, got.headers["content-type"]]).toEqual([200, manifest.mediaType]);
    expect(got.body.equals(manifest.bytes), name).toBe(true);
  }
}

export async function pushAndRead(session: Session, manifest: Made, tag = "latest"): Promise<Answer> {
  const put = await session.putManifest(tag, manifest.bytes, manifest.mediaType);
  expect(put.status, put.body.toString()).toBe(201);
  const pulled = await session.send("GET", locationOf(put), { headers: accept });
  expect(pulled.body.equals(manifest.bytes)).toBe(true);
  await expectManifest(session, tag, manifest);
  return put;
}
