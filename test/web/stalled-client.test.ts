// A window that stops reading during a large run: the host's memory stays flat, and the window is told what it missed.
import { describe, expect, it } from "vitest";
import type { CallContext } from "../../electron/app/dispatch.ts";
import { serveClient } from "../../electron/app/dispatch.ts";
import { EventHub } from "../../electron/app/event-hub.ts";
import { silentLog } from "../../electron/app/log.ts";
import type { Api, EventData } from "../../shared/contract.ts";
import { openedSocket, startTestHost } from "../support/web-host.ts";

const images = 30_000;
const repository = `team/${"deep/".repeat(20)}application`;
const digest = `sha256:${"a".repeat(64)}`;

function image(id: number): EventData<"image.changed"> {
  return {
    ...{ id, runId: "01JABCDEFGHJKMNPQRSTVWXYZ0", sourceRepository: repository, sourceReference: `v${id}` },
    ...{ destinationRepository: `mirror/${repository}`, destinationReference: `v${id}`, digest },
    ...{
      mediaType: null,
      writesDigest: null,
      replacesDigest: null,
      action: "copy",
      reason: "It is not there yet.",
      selected: true,
    },
    ...{ state: "succeeded", platforms: ["linux/amd64"], bytesTotal: 1, bytesToTransfer: 1, bytesPresent: 0 },
    ...{
      bytesMountable: 0,
      bytesTransferred: 1,
      bytesResumed: 0,
      attempts: 1,
      verified: true,
      destinationDigest: digest,
    },
    ...{ attachments: 0, attachmentsToCopy: 0, attachmentsCopied: 0 },
    error: null,
  };
}

describe("R006 a window that stops reading", () => {
  it("costs the host a megabyte however many images change, and learns of the gap when it reads again", async () => {
    const test = await startTestHost();
    const hub = new EventHub();
    let pending = (): number => 0;
    test.app.connect = (pipe) => {
      pending = () => pipe.pending?.() ?? 0;
      serveClient(pipe, { api: {} as Api<CallContext>, hub, log: silentLog });
    };
    const socket = await openedSocket(test, await test.signIn());
    const heard: { readonly t: string; readonly seq?: number; readonly gap?: boolean }[] = [];
    let events = 0;
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data)) as (typeof heard)[number];
      if (frame.t === "event") events++;
      else heard.push(frame);
    });
    socket.send(JSON.stringify({ t: "subscribe" }));
    await expect.poll(() => hub.clients).toBe(1);
    socket.pause();
    let most = 0;
    for (let id = 1; id <= images; id++) {
      hub.emit("image.changed", image(id));
      most = Math.max(most, pending());
      // As in a run: between images the event loop turns.
      if (id % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(most).toBeGreaterThan(512 * 1024);
    expect(most).toBeLessThan(1024 * 1024 + 64 * 1024);
    socket.resume();
    await expect
      .poll(() => heard.at(-1), { timeout: 5_000 })
      .toEqual({ t: "subscribed", seq: images, gap: true });
    expect(events).toBeLessThan(images);
    hub.close();
    socket.close();
    await test.close();
  });
});
