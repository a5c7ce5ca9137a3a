// A run's result on its way out: whatever its form, no page of images is read before the one before it was written.
import { describe, expect, it } from "vitest";
import { imagePages } from "../../electron/app/image-pages.ts";
import type { CliIo } from "../../electron/cli/cli-io.ts";
import { presentResult } from "../../electron/cli/run-output.ts";
import type { RunResult } from "../../electron/cli/run-result.ts";
import type { GlobalOptions } from "../../electron/cli/session.ts";
import { emptyPlanTotals, emptyRunTallies, type Run, type RunImage } from "../../shared/run.ts";

const rows = 2_500;
const run = {
  id: "01JABCDEFGHJKMNPQRSTVWXYZ0",
  state: "planned",
  spec: { options: { attachments: true } },
  source: { name: "a", address: "a.example" },
  destination: { name: "b", address: "b.example" },
  plan: { ...emptyPlanTotals, images: rows },
  tallies: emptyRunTallies,
  startedAt: null,
} as Run;

function row(id: number): RunImage {
  return {
    id,
    sourceRepository: "team/app",
    sourceReference: `v${id}`,
    destinationRepository: "team/app",
    destinationReference: `v${id}`,
    action: "skip",
    state: "planned",
    reason: "Already there, with the same digest.",
    ...{ digest: null, writesDigest: null, error: null, bytesToTransfer: 0 },
  } as RunImage;
}

interface Presented {
  readonly stdout: string;
  /** Rows that had been read but not yet written, at most. */
  readonly mostHeld: number;
}

async function present(globals: Partial<GlobalOptions>): Promise<Presented> {
  let stdout = "";
  let read = 0;
  let mostHeld = 0;
  const written = (): number => stdout.match(/a\.example\/team\/app:v/g)?.length ?? 0;
  const result: RunResult = {
    ...{ run, status: "planned", error: null, exitCode: 0, durations: new Map(), release: async () => {} },
    failed: async function* () {},
    images: () =>
      imagePages(({ offset, limit }) => {
        const images = Array.from({ length: Math.min(limit, rows - offset) }, (_, at) => row(offset + at));
        read += images.length;
        mostHeld = Math.max(mostHeld, read - written());
        return { images, total: rows };
      }),
  };
  const io = { stdout: { write: (text: string) => (stdout += text) }, now: () => 0 } as unknown as CliIo;
  const files = { metrics: undefined, report: undefined, checkpoint: undefined };
  const code = await presentResult({ io, globals: globals as GlobalOptions, files, command: "" }, result);
  expect(code).toBe(0);
  return { stdout, mostHeld };
}

describe("a run with many rows is shown page by page", () => {
  it("as a table", async () => {
    const { stdout, mostHeld } = await present({});
    expect(mostHeld).toBeLessThanOrEqual(1_000);
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^ACTION +SOURCE +DESTINATION/);
    expect(lines[1]).toContain("a.example/team/app:v0 ");
    expect(lines[rows]).toContain(`a.example/team/app:v${rows - 1} `);
    expect(lines.slice(rows + 1, rows + 3)).toEqual(["", expect.stringMatching(/^Plan: 2500 images/)]);
  });

  it("as one JSON document", async () => {
    const { stdout, mostHeld } = await present({ json: true });
    expect(mostHeld).toBeLessThanOrEqual(1_000);
    const document = JSON.parse(stdout);
    expect(document.items).toHaveLength(rows);
    expect(Object.keys(document).slice(0, 3)).toEqual(["run", "status", "images"]);
    expect(document.plan).toMatchObject({ skip: 0, guard: null });
  });

  it("as the last line of the events", async () => {
    const { stdout, mostHeld } = await present({ events: true });
    expect(mostHeld).toBeLessThanOrEqual(1_000);
    expect(stdout.trimEnd()).not.toContain("\n");
    expect(JSON.parse(stdout)).toMatchObject({ event: "result", status: "planned" });
    expect(JSON.parse(stdout).items).toHaveLength(rows);
  });
});
