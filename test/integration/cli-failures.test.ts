// What goes wrong ends with its own exit code, names the input, and leaves nothing half-written under a tag.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { countRequests } from "../support/access-log.ts";
import { freePort } from "../support/child.ts";
import { readJson, Stage, signIn, user } from "../support/cli.ts";
import { type FixtureRegistry, startFixtureRegistry } from "../support/fixture-registry.ts";
import { type BuiltImage, blobsOf, buildImage, pushImage } from "../support/image-builder.ts";
import { runProcess } from "../support/processes.ts";
import { hasBlob, headManifest, listTags } from "../support/raw-http.ts";

/** What the error says was found in place of what was expected. */
const found = {
  flipped: /sha256:[0-9a-f]{64}.*sha256:[0-9a-f]{64}/s,
  truncated: /5000/,
  lengthened: /\d+ bytes/,
} as const;

describe("a command line that meets trouble", () => {
  let stage: Stage;
  let fixture: FixtureRegistry;
  let image: BuiltImage;
  beforeAll(async () => {
    stage = await Stage.open();
    fixture = await startFixtureRegistry();
    image = await buildImage({ seed: "trouble", layers: 2, layerSize: 300_000 });
    await pushImage(stage.source, image, "trouble/app", "v1");
    await pushImage(fixture, image, "trouble/app", "v1");
  });
  afterAll(async () => {
    await fixture.stop();
    await stage.close();
  });
  afterEach(() => fixture.heal());

  it("ends with 1 where the repository is missing, names it, and still writes the metrics", async () => {
    const metrics = join(stage.home.path, "missing.json");
    const end = await stage.run(
      ...stage.replicateWords("--repository", "no/such-repository", "--metrics-file", metrics),
    );
    const result = readJson(end, 1);
    expect(result.status).toBe("failed");
    expect(end.stderr).toContain("no/such-repository");
    expect(await listTags(stage.destination, "no/such-repository")).toEqual([]);
    const written = JSON.parse(await readFile(metrics, "utf8")) as object;
    expect(written).toMatchObject({ images_replicated: 0, bytes_transferred: 0, status: "failed" });
  });

  it("ends with 1 where the tag of a copy is missing and names the image", async () => {
    const from = `${stage.source.host}/trouble/app:never`;
    const end = await stage.run("copy", from, `${stage.destination.host}/trouble/app`, ...signIn);
    expect(end.code, end.stderr).toBe(1);
    expect(end.stderr).toContain("trouble/app:never");
  });

  it("does the rest where one of several repositories is missing, and ends with 1", async () => {
    const names = ["--repository", "trouble/app", "--repository", "no/other"];
    const result = await stage.replicate(1, ...names, "--prefix", "partly");
    expect(result.images).toMatchObject({ copied: 1, failed: 1 });
    expect(result.items.find((item) => item.status === "failed")?.error?.message).toContain("no/other");
    await stage.expectSame(image, "partly/trouble/app", "v1");
  });

  it("ends with 4 where a registry cannot be reached, and names it", async () => {
    const nowhere = `127.0.0.1:${await freePort()}`;
    const from = await stage.run(
      ...["replicate", "--source", nowhere, "--destination", stage.destination.host, ...signIn],
      ...["--repository", "trouble/app", "--json"],
    );
    expect(readJson(from, 4).status).toBe("failed");
    expect(from.stderr).toContain(nowhere);
    const to = await stage.run("copy", `${stage.source.host}/trouble/app:v1`, `${nowhere}/trouble/app`);
    expect(to.code, to.stderr).toBe(4);
    expect(to.stderr).toContain(nowhere);
    expect((await stage.run("ls", nowhere)).code).toBe(4);
  });

  it("ends with 3 where the password is wrong, names the registry and never the password", async () => {
    const end = await runProcess({
      home: stage.home.path,
      args: stage.replicateWords("--repository", "trouble/app", "--prefix", "wrong"),
      input: "open sesame 123\n",
    });
    expect(readJson(end, 3).status).toBe("failed");
    expect(end.stderr).toContain(stage.destination.host);
    expect(end.stderr + end.stdout).not.toContain("open sesame");
    expect((await headManifest(stage.destination, "wrong/trouble/app", "v1")).status).toBe(404);
    const anonymous = await stage.run("ls", stage.destination.host);
    expect(anonymous.code, anonymous.stderr).toBe(3);
    const known = await stage.run("ls", stage.destination.host, "--username", user, "--password-stdin");
    expect(known.code, known.stderr).toBe(0);
  });

  it("ends with 2 where the command line is wrong and says what was expected", async () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [["fly"], /unknown command 'fly'/],
      [["replicate", "--source", "a.example"], /--destination/],
      [["replicate", "--source", "a.example", "--destination", "b.example"], /--repository NAME/],
      [["copy", "oci-archive:", "localhost:1/a/b"], /oci-archive:FILE/],
      [["ls", "localhost:1", "--username", "me"], /--password-stdin/],
      [["ls", "localhost:1", "--bandwidth", "1"], /unknown option '--bandwidth'/],
    ];
    for (const [args, sentence] of cases) {
      const end = await stage.run(...args);
      expect(end.code, args.join(" ")).toBe(2);
      expect(end.stderr).toMatch(sentence);
    }
  });

  const damaged = {
    flipped: { do: "flip-byte", at: 1000 },
    truncated: { do: "truncate", at: 5000, length: "adjusted" },
    lengthened: { do: "lengthen", by: 10, length: "adjusted" },
  } as const;

  for (const [how, fault] of Object.entries(damaged)) {
    it(`never lets a ${how} blob land under a tag; the error says source, digest expected and found`, async () => {
      // An image of its own: nothing of it is at the destination to be mounted.
      const victim = await buildImage({ seed: `damaged-${how}`, layers: 2, layerSize: 300_000 });
      const repository = `damaged/${how}`;
      await pushImage(fixture, victim, repository, "v1");
      const digest = blobsOf(victim)[1]?.digest ?? "";
      const met = fixture.fault(fault, { method: "GET", kind: "blob", path: new RegExp(digest) });

      const end = await stage.run(
        ...["copy", `${fixture.host}/${repository}:v1`, `${stage.destination.host}/${repository}:v1`],
        ...[...signIn, "--json"],
      );

      const result = readJson(end, 1);
      expect(met.count).toBeGreaterThan(0);
      expect(result.status).toBe("failed");
      const error = result.items[0]?.error;
      expect(error?.side).toBe("source");
      expect(error?.message).toContain(digest);
      expect(error?.message).toMatch(found[how as keyof typeof damaged]);
      expect(end.stderr).toContain(`${fixture.host}/${repository}`);
      expect((await headManifest(stage.destination, repository, "v1")).status).toBe(404);
      expect(await hasBlob(stage.destination, repository, digest)).toBe(false);
      // Every upload that was begun ended in a blob or was given back (distribution may write a cancelled one's folder
      // again while the broken PUT ends, so its files do not tell).
      const log = await stage.destination.accessLog();
      const uploads = new RegExp(`/${repository}/blobs/uploads/([^/?]+)`);
      const sessionsOf = (method: string, statuses: readonly number[]) =>
        log
          .filter((line) => line.method === method && statuses.includes(line.status))
          .flatMap((line) => uploads.exec(line.path)?.[1] ?? []);
      const committed = sessionsOf("PUT", [201]);
      // distribution 2.8 answers 204; 416 where it stored bytes of the broken PUT, which cancels it too; 404 where the
      // broken PUT has ended it already.
      const givenBack = sessionsOf("DELETE", [204, 416, 404]);
      const begun = countRequests(log, "POST", new RegExp(`/${repository}/blobs/uploads/`), 202);
      expect(new Set([...committed, ...givenBack]).size).toBe(begun);
      expect(sessionsOf("PUT", [400, 499, 500]).filter((id) => !givenBack.includes(id))).toEqual([]);
    });
  }
});
