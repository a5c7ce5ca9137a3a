// Layers that are not meant to be distributed: copied where the source itself holds them, or never; asked for without the right to write.
import { describe, expect, it } from "vitest";
import { mediaTypes } from "../../shared/media-types.ts";
import { everything, harness } from "./harness.ts";
import { bytesOf, putBlob, putJson } from "./images.ts";

describe("foreign layers", () => {
  it.each([
    ["if-held", 109, 1],
    ["never", 9, 2],
  ] as const)("travel %s", async (foreignLayers, bytes, left) => {
    const h = harness();
    const held = putBlob(h.source, "win", bytesOf("held", 100), mediaTypes.dockerForeignLayer);
    const away = { ...held, digest: putBlob(h.destination, "other", bytesOf("away", 100)).digest };
    const config = putBlob(h.source, "win", bytesOf("config", 9), mediaTypes.dockerConfig);
    const body = { mediaType: mediaTypes.dockerManifest, config, layers: [held, away] };
    putJson(h.source, "win", body, "v1");
    const spec = { ...everything(), options: { foreignLayers } };
    const planned = await h.plan(spec);
    expect(planned.plan).toMatchObject({ bytesToTransfer: bytes });
    expect(planned.plan.warnings).toEqual([
      { code: "foreign-layer", text: expect.stringContaining(`${left} foreign layers`) },
    ]);
    expect((await h.run(planned)).state).toBe("succeeded");
    expect(h.destination.repository("win").blobs.has(held.digest)).toBe(foreignLayers === "if-held");
    if (foreignLayers === "never")
      expect(h.source.calls.filter((call) => call.includes(held.digest))).toEqual([]);
    expect((await h.plan(spec)).plan).toMatchObject({ skip: 1 });
  });

  it("are looked for at the source as something to read, at the destination as something to write", async () => {
    const h = harness();
    const asked: unknown[] = [];
    for (const side of [h.source, h.destination]) {
      const hasBlob = side.hasBlob.bind(side);
      side.hasBlob = (repository, blob, options) => {
        asked.push([side.host, options.toRead === true]);
        return hasBlob(repository, blob, options);
      };
    }
    const held = putBlob(h.source, "win", bytesOf("held", 100), mediaTypes.dockerForeignLayer);
    putJson(h.source, "win", { mediaType: mediaTypes.dockerManifest, layers: [held] }, "v1");
    putJson(h.destination, "win", { mediaType: mediaTypes.dockerManifest, layers: [] }, "other");
    await h.plan(everything());
    expect(asked).toEqual([
      [h.source.host, true],
      [h.destination.host, false],
    ]);
  });
});
