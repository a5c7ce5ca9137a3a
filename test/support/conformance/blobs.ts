// Points 1 to 9 of the conformance suite: what is not there, and blobs in every way they can be pushed and pulled.
import { expect } from "vitest";
import {
  type Answer,
  algorithms,
  checkList,
  digestOf,
  freshBytes,
  freshRepository,
  locationOf,
  ociIndex,
  octets,
  Session,
} from "./session.ts";

const { checks, check } = checkList();
export const blobChecks = checks;

check("1 answers the base", async (session) => {
  expect((await session.send("GET", "/v2/")).status).toBe(200);
});
check("2 lists the tags of an empty repository, or does not know it", async (session) => {
  expect([200, 404]).toContain((await session.send("GET", "tags/list")).status);
});
check("2 has an empty index of referrers for any digest", async (session) => {
  const { answer, value } = await session.json(`referrers/${digestOf(freshBytes())}`);
  expect(answer.headers["content-type"]).toBe(ociIndex);
  expect(value).toMatchObject({ schemaVersion: 2, mediaType: ociIndex, manifests: [] });
});
for (const algorithm of algorithms) {
  check(`3 does not find a missing blob (${algorithm})`, async (session) => {
    const path = `blobs/${digestOf(freshBytes(), algorithm)}`;
    expect((await session.send("GET", path)).status).toBe(404);
    expect((await session.send("HEAD", path)).status).toBe(404);
  });
}

/** Sends the bytes and tells the last answer; the digest may be a wrong one. */
type Push = (session: Session, bytes: Buffer, digest: string) => Promise<Answer>;

const pushes: Readonly<Record<string, Push>> = {
  "by a single POST": async (session, bytes, digest) => {
    const posted = await session.send("POST", `blobs/uploads/?digest=${encodeURIComponent(digest)}`, {
      body: bytes,
      headers: octets,
    });
    // 202 says that it is not supported: the upload goes on with a PUT.
    return posted.status === 202 ? session.close(locationOf(posted), digest, bytes) : posted;
  },
  "by POST and PUT": async (session, bytes, digest) => session.close(await session.open(), digest, bytes),
  "in one chunk": async (session, bytes, digest) => {
    const sent = await session.patch(await session.open(), bytes, 0);
    expect([sent.status, sent.headers.range]).toEqual([202, `0-${bytes.length - 1}`]);
    return session.close(locationOf(sent), digest);
  },
  "as a stream": async (session, bytes, digest) => {
    const sent = await session.patch(await session.open(), bytes);
    expect(sent.status).toBe(202);
    return session.close(locationOf(sent), digest);
  },
  "in several chunks": async (session, bytes, digest) => {
    let location = await session.open();
    for (let start = 0; start < bytes.length; start += 1024) {
      const sent = await session.patch(location, bytes.subarray(start, start + 1024), start);
      expect([sent.status, sent.headers.range]).toEqual([
        202,
        `0-${Math.min(start + 1024, bytes.length) - 1}`,
      ]);
      location = locationOf(sent);
    }
    return session.close(location, digest);
  },
  "in several chunks, the last with the PUT": async (session, bytes, digest) => {
    const sent = await session.patch(await session.open(), bytes.subarray(0, 2048), 0);
    expect(sent.status).toBe(202);
    return session.close(locationOf(sent), digest, bytes.subarray(2048), 2048);
  },
};

async function expectBlob(session: Session, digest: string, bytes: Buffer): Promise<void> {
  const head = await session.send("HEAD", `blobs/${digest}`);
  expect([head.status, head.headers["content-length"]]).toEqual([200, String(bytes.length)]);
  const got = await session.send("GET", `blobs/${digest}`);
  expect(got.status).toBe(200);
  expect(got.body.equals(bytes)).toBe(true);
}

for (const [how, push] of Object.entries(pushes)) {
  for (const algorithm of algorithms) {
    check(
      `4 takes a blob ${how} (${algorithm}); 6 its Location can be pulled; 15 it can be deleted`,
      async (session) => {
        const bytes = freshBytes();
        const digest = digestOf(bytes, algorithm);
        const done = await push(session, bytes, digest);
        expect(done.status).toBe(201);
        const pulled = await session.send("GET", locationOf(done));
        expect([pulled.status, pulled.body.equals(bytes)]).toEqual([200, true]);
        await expectBlob(session, digest, bytes);
        expect((await session.send("DELETE", `blobs/${digest}`)).status).toBe(202);
        expect((await session.send("HEAD", `blobs/${digest}`)).status).toBe(404);
      },
    );
  }
  check(`9 refuses a wrong digest ${how}`, async (session) => {
    const bytes = freshBytes();
    const wrong = digestOf(freshBytes());
    expect((await push(session, bytes, wrong)).status).toBe(400);
    expect((await session.send("HEAD", `blobs/${wrong}`)).status).toBe(404);
    expect((await session.send("HEAD", `blobs/${digestOf(bytes)}`)).status).toBe(404);
  });
}
check("9 refuses a malformed digest", async (session) => {
  const bytes = freshBytes();
  expect((await session.close(await session.open(), "sha256:baddigeststring", bytes)).status).toBe(400);
  expect((await session.send("HEAD", `blobs/${digestOf(bytes)}`)).status).toBe(404);
});
check("4 mounts a blob of another repository", async (session, target) => {
  const from = new Session(target);
  const bytes = freshBytes();
  const digest = await from.pushBlob(bytes);
  const mounted = await session.send("POST", `blobs/uploads/?mount=${digest}&from=${from.repository}`);
  expect(mounted.status).toBe(201);
  const pulled = await session.send("GET", locationOf(mounted));
  expect([pulled.status, pulled.body.equals(bytes)]).toEqual([200, true]);
  await expectBlob(session, digest, bytes);
});
check("4 mounts without a source, or opens an upload that can be used", async (session, target) => {
  const bytes = freshBytes();
  const digest = await new Session(target).pushBlob(bytes);
  const answer = await session.send("POST", `blobs/uploads/?mount=${digest}`);
  expect([201, 202]).toContain(answer.status);
  if (answer.status === 202)
    expect((await session.close(locationOf(answer), digest, bytes)).status).toBe(201);
  await expectBlob(session, digest, bytes);
});
check("4 opens an upload that can be used where the blob to mount is missing", async (session) => {
  const bytes = freshBytes();
  const digest = digestOf(bytes);
  const answer = await session.send("POST", `blobs/uploads/?mount=${digest}&from=${freshRepository()}`);
  expect(answer.status).toBe(202);
  expect((await session.close(locationOf(answer), digest, bytes)).status).toBe(201);
  await expectBlob(session, digest, bytes);
});
check("4 cancels an upload", async (session) => {
  const location = await session.open();
  const sent = await session.patch(location, freshBytes(), 0);
  expect((await session.send("DELETE", locationOf(sent))).status).toBe(204);
  expect((await session.send("GET", locationOf(sent))).status).toBe(404);
});

check("5 refuses a chunk out of order, tells the offset, and goes on (PATCH)", async (session) => {
  const bytes = freshBytes();
  const sent = await session.patch(await session.open(), bytes.subarray(0, 1024), 0);
  const refused = await session.patch(locationOf(sent), bytes.subarray(2048), 2048);
  expect(refused.status).toBe(416);
  const status = await session.send("GET", locationOf(sent));
  expect([status.status, status.headers.range]).toEqual([204, "0-1023"]);
  const rest = await session.patch(locationOf(status), bytes.subarray(1024), 1024);
  expect(rest.status).toBe(202);
  expect((await session.close(locationOf(rest), digestOf(bytes))).status).toBe(201);
  await expectBlob(session, digestOf(bytes), bytes);
});
check("5 refuses a last chunk out of order, tells the offset, and goes on (PUT)", async (session) => {
  const bytes = freshBytes();
  const sent = await session.patch(await session.open(), bytes.subarray(0, 1024), 0);
  const refused = await session.close(locationOf(sent), digestOf(bytes), bytes.subarray(2048), 2048);
  expect(refused.status).toBe(416);
  const status = await session.send("GET", locationOf(sent));
  expect([status.status, status.headers.range]).toEqual([204, "0-1023"]);
  const done = await session.close(locationOf(status), digestOf(bytes), bytes.subarray(1024), 1024);
  expect(done.status).toBe(201);
  await expectBlob(session, digestOf(bytes), bytes);
});

check("7 serves parts of blobs", async (session) => {
  const bytes = freshBytes(5000);
  const digest = await session.pushBlob(bytes);
  const part = (range: string): Promise<Answer> =>
    session.send("GET", `blobs/${digest}`, { headers: { range: `bytes=${range}` } });
  const parts: readonly [string, number, number][] = [
    ["500-1499", 500, 1500],
    ["500-", 500, 5000],
    ["-500", 4500, 5000],
    ["2000-6000", 2000, 5000],
  ];
  for (const [range, start, end] of parts) {
    const got = await part(range);
    expect([range, got.status, got.headers["content-range"]]).toEqual([
      range,
      206,
      `bytes ${start}-${end - 1}/5000`,
    ]);
    expect(got.body.equals(bytes.subarray(start, end)), range).toBe(true);
  }
});
for (const range of ["500-0", "5000-10000"]) {
  check(`7 refuses the part ${range} of 5000 bytes`, async (session) => {
    const digest = await session.pushBlob(freshBytes(5000));
    const got = await session.send("GET", `blobs/${digest}`, { headers: { range: `bytes=${range}` } });
    expect(got.status).toBe(416);
  });
}
check("8 takes the empty blob and the empty object", async (session) => {
  for (const bytes of [Buffer.alloc(0), Buffer.from("{}")]) {
    await expectBlob(session, await session.pushBlob(bytes), bytes);
  }
});
