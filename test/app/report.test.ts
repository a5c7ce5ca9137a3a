// A run's report in its three forms: complete, escaped, and safe to open.
import { describe, expect, it } from "vitest";
import { reportPieces } from "../../electron/app/report.ts";
import { type ReportInput, type ReportItem, reportDocument } from "../../electron/app/report-document.ts";
import { jsonText } from "../../shared/plain-text.ts";
import type { ReportFormat } from "../../shared/report.ts";
import {
  emptyPlanTotals,
  emptyRunTallies,
  jobSpecSchema,
  type Run,
  type RunImage,
} from "../../shared/run.ts";

const digest = `sha256:${"a".repeat(64)}`;
const other = `sha256:${"b".repeat(64)}`;

const run: Run = {
  id: "01JABCDEFGHJKMNPQRSTVWXYZ0",
  state: "failed",
  stateReason: null,
  spec: jobSpecSchema.parse({
    sourceId: "a",
    destinationId: "b",
    selection: [{ kind: "repositories", include: ["**"], tags: {} }],
    options: { platforms: ["linux/amd64"], mirror: {} },
  }),
  source: { id: "a", name: "staging", address: "localhost:5000" },
  destination: { id: "b", name: "prod", address: "r.example" },
  plan: {
    ...emptyPlanTotals,
    images: 3,
    copy: 2,
    skip: 1,
    attachments: 12,
    attachmentsToCopy: 3,
    bytesToTransfer: 2048,
    warnings: [{ code: "digest-changes", text: 'Signatures of <b>"team/app"</b> no longer fit.' }],
  },
  tallies: {
    ...emptyRunTallies,
    imagesSucceeded: 1,
    imagesSkipped: 1,
    imagesFailed: 1,
    attachmentsCopied: 2,
    bytesTransferred: 1024,
    bytesResumed: 512,
    activeMs: 2000,
  },
  error: null,
  createdAt: Date.UTC(2026, 0, 2),
  priority: 0,
  position: 0,
  jobId: null,
  startedAt: Date.UTC(2026, 0, 2, 1),
  finishedAt: Date.UTC(2026, 0, 2, 2),
};

function image(more: Partial<RunImage>): RunImage {
  return {
    id: 1,
    runId: run.id,
    sourceRepository: "team/app",
    sourceReference: "v1",
    destinationRepository: "mirror/app",
    destinationReference: "v1",
    digest,
    mediaType: "application/vnd.oci.image.index.v1+json",
    writesDigest: null,
    replacesDigest: null,
    action: "copy",
    reason: "Not at the destination yet.",
    selected: true,
    state: "succeeded",
    platforms: ["linux/amd64", "linux/arm64"],
    bytesTotal: 2048,
    bytesToTransfer: 1024,
    bytesPresent: 1024,
    bytesMountable: 0,
    bytesTransferred: 1024,
    bytesResumed: 512,
    attachments: 4,
    attachmentsToCopy: 2,
    attachmentsCopied: 2,
    attempts: 1,
    verified: true,
    destinationDigest: digest,
    error: null,
    ...more,
  };
}

const images = [
  image({}),
  image({
    id: 2,
    sourceReference: "v2",
    destinationReference: "v2",
    action: "skip",
    state: "skipped",
    verified: false,
    destinationDigest: null,
    replacesDigest: digest,
    reason: "Already there, with the same digest.",
  }),
  image({
    id: 3,
    sourceReference: "v3",
    destinationReference: "v3",
    writesDigest: other,
    state: "failed",
    verified: false,
    destinationDigest: null,
    attempts: 5,
    error: {
      code: "forbidden",
      side: "destination",
      operation: "put-manifest",
      message: '=HYPERLINK("http://evil","<script>alert(1)</script>")\u202e',
      retryable: false,
      causes: [],
    },
  }),
];
const input: ReportInput = {
  run,
  // In pages of two, so that what is written spans more than one.
  images: async function* () {
    yield images.slice(0, 2);
    yield images.slice(2);
  },
  version: "9.9.9",
  command: "freightliner replicate --source localhost:5000 && rm <x>",
  now: Date.UTC(2026, 0, 3),
  durations: new Map([[1, 1500]]),
};
const report = reportDocument(input);

async function reportText(format: ReportFormat): Promise<string> {
  let text = "";
  for await (const piece of reportPieces(report, format)) text += piece;
  return text;
}

async function reportItems(): Promise<ReportItem[]> {
  const items: ReportItem[] = [];
  for await (const page of report.items.pages()) items.push(...page);
  return items;
}

/** RFC 4180, read the slow and sure way. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quoted) {
      if (character !== '"') field += character;
      else if (text.charAt(at + 1) === '"') field += text.charAt(++at);
      else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ",") {
      row.push(field);
      field = "";
    } else if (character === "\r" && text.charAt(at + 1) === "\n") {
      rows.push([...row, field]);
      row = [];
      field = "";
      at++;
    } else field += character;
  }
  expect(field).toBe("");
  return rows;
}

describe("a report", () => {
  it("says who did what, when, under which options, and how complete it is", () => {
    expect(report).toMatchObject({
      format: "freightliner-report/1",
      run: run.id,
      status: "failed",
      program: { name: "freightliner", version: "9.9.9" },
      source: "localhost:5000",
      destination: "r.example",
      started_at: "2026-01-02T01:00:00.000Z",
      finished_at: "2026-01-02T02:00:00.000Z",
      written_at: "2026-01-03T00:00:00.000Z",
      images: { total: 3, copied: 1, skipped: 1, failed: 1, deleted: 0 },
      bytes: { to_transfer: 2048, transferred: 1024, resumed: 512 },
      attachments: { found: 12, at_destination: 11, to_copy: 3, copied: 2 },
      options: { platforms: ["linux/amd64"], mirror: { max_delete: 100, max_share: 0.5 }, attachments: true },
      plan: { warnings: [{ code: "digest-changes" }] },
    });
  });

  it("counts attachments as there that another run brought while this one looked", async () => {
    const tallies = {
      ...run.tallies,
      imagesSucceeded: 1,
      imagesSkipped: 2,
      imagesFailed: 0,
      attachmentsCopied: 0,
    };
    const late = image({ state: "skipped", attachmentsCopied: 0 });
    const failed = image({ state: "failed", attachmentsCopied: 1 });
    const done = reportDocument({
      ...input,
      run: { ...run, state: "succeeded", tallies },
      images: async function* () {
        yield [late, failed];
      },
    });
    expect(done.attachments).toMatchObject({ found: 12, at_destination: 12, copied: 0 });
    const items: ReportItem[] = [];
    for await (const page of done.items.pages()) items.push(...page);
    expect(items.map((item) => item.attachments)).toMatchObject([
      { found: 4, at_destination: 4, copied: 0 },
      { found: 4, at_destination: 3, copied: 1 },
    ]);
  });

  it("has both sides' digests of every image, also of one that was left as it is", async () => {
    expect(await reportItems()).toMatchObject([
      { source_digest: digest, destination_digest: digest, verified: true, duration_ms: 1500, resumed: 512 },
      {
        source_digest: digest,
        destination_digest: digest,
        verified: false,
        status: "skipped",
        duration_ms: null,
      },
      {
        source_digest: digest,
        writes_digest: other,
        destination_digest: null,
        attempts: 5,
        error: { code: "forbidden" },
      },
    ]);
  });

  it("is the same document as JSON, with what could fool a reader escaped", async () => {
    const text = await reportText("json");
    expect(text).toBe(`${jsonText({ ...report, items: await reportItems() }, 2)}\n`);
    expect(text).not.toContain("\u202e");
  });

  it("as CSV has a line an image, quoted by RFC 4180, and nothing that a spreadsheet would run", async () => {
    const text = await reportText("csv");
    const [titles = [], ...rows] = readCsv(text);
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row).toHaveLength(titles.length);
    const cells = (row: number) =>
      Object.fromEntries(titles.map((title, index) => [title, rows[row]?.[index]]));
    expect(cells(0)).toMatchObject({
      run: run.id,
      status: "succeeded",
      source: "localhost:5000/team/app:v1",
      destination: "r.example/mirror/app:v1",
      source_digest: digest,
      destination_digest: digest,
      verified: "true",
      platforms: "linux/amd64 linux/arm64",
      attachments_found: "4",
      bytes_resumed: "512",
    });
    expect(cells(1).reason).toBe("Already there, with the same digest.");
    expect(cells(2)).toMatchObject({ error_code: "forbidden", written_digest: other });
    expect(text).not.toContain("\u202e");
    expect(cells(2).error_message).toMatch(/^'=HYPERLINK\("http/);
    expect(text).not.toMatch(/(?:^|,|\r\n)"?[=+\-@]/m);
  });

  it("as HTML is one page without script, that loads nothing and in which every text is escaped", async () => {
    const text = await reportText("html");
    expect(text).toContain("skip, same digest");
    expect(text).not.toMatch(/<script|<img|<link|src=|javascript:|@import|url\(/i);
    expect(text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(text).toContain("Signatures of &lt;b&gt;&quot;team/app&quot;&lt;/b&gt; no longer fit.");
    expect(text).toContain("rm &lt;x&gt;");
    expect(text).not.toContain("\u202e");
    expect(text).toContain("default-src 'none'");
    expect(text).toContain("prefers-color-scheme: dark");
    for (const part of [
      run.id,
      digest,
      other,
      "12 found, 11 at the destination",
      "freightliner 9.9.9",
      "localhost:5000/team/app:v2",
    ])
      expect(text).toContain(part);
    expect(text.match(/<tr>/g)).toHaveLength(4);
  });
});
