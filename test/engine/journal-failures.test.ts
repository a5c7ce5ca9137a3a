// A journal that cannot be written, or was not written in time: nothing is lost, and nothing is sent again.
import { describe, expect, it } from "vitest";
import { BlobFlights } from "../../electron/engine/blob-flights.ts";
import { everything, harness } from "./harness.ts";
import { putImage } from "./images.ts";

describe("a run", () => {
  it("fails where what came of a blob cannot be written", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers: [["one", 300]] });
    const planned = await h.plan(everything());
    const { blobFinished } = h.store.journal;
    Object.assign(h.store.journal, {
      blobFinished: () => {
        throw new Error("disk full");
      },
    });
    await expect(h.run(planned)).rejects.toThrow("disk full");
    Object.assign(h.store.journal, { blobFinished });
  });

  it("that lost the last rows of its blobs in a kill asks for them and sends none again", async () => {
    const h = harness();
    for (const tag of ["v1", "v2"])
      putImage(h.source, { repository: "app", tag, layers: [[`layer of ${tag}`, 4000]] });
    const planned = await h.plan(everything());
    const { blobFinished } = h.store.journal;
    const kill = new AbortController();
    // As a kill right behind the last answer leaves it: the blobs are there, and no row says so.
    Object.assign(h.store.journal, { blobFinished: () => undefined });
    h.destination.fault = ({ operation }) => {
      if (operation === "put-manifest") kill.abort(new Error("killed"));
    };
    const stopped = await h.run(planned, kill.signal);
    expect(stopped.state).toBe("paused");
    const sent = h.destination.count("put-blob");
    expect(sent).toBeGreaterThan(0);
    Object.assign(h.store.journal, { blobFinished });
    h.destination.fault = () => undefined;
    h.forgetPlans();
    Object.assign(h.context, { flights: new BlobFlights(h.clock) });
    h.store.runs.transition(stopped.id, "queued", null);
    const done = await h.run(h.store.runs.get(stopped.id));
    expect(done.state).toBe("succeeded");
    expect(h.destination.count("put-blob")).toBe(4);
    for (const image of h.rows(done)) expect(image.verified).toBe(true);
  });
});
