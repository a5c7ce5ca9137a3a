// The contract's report method: a run's report as a file to be kept.
import type { Api } from "../../../shared/contract.ts";
import type { RunImage } from "../../../shared/run.ts";
import { commandLine } from "../command-line.ts";
import type { CallContext } from "../dispatch.ts";
import { reportMediaTypes, reportText } from "../report.ts";
import { reportDocument } from "../report-document.ts";
import type { Services } from "../services.ts";

const pageSize = 1_000;

export function reportMethods(services: Services, version: string): Pick<Api<CallContext>, "runs.report"> {
  const { store, clock } = services;
  return {
    "runs.report": async ({ runId, format }, { signal }) => {
      const run = store.runs.get(runId);
      const images: RunImage[] = [];
      for (;;) {
        signal.throwIfAborted();
        const page = store.runs.images(runId, { offset: images.length, limit: pageSize });
        images.push(...page.images);
        if (page.images.length === 0 || images.length >= page.total) break;
      }
      const [source, destination] = [run.source.id, run.destination.id].map((id) => store.endpoints.get(id));
      const command =
        source === undefined || destination === undefined ? "" : commandLine(run, source, destination);
      const report = reportDocument({ run, images, version, command, now: clock.now() });
      return {
        fileName: `freightliner-${run.id}.${format}`,
        mediaType: reportMediaTypes[format],
        text: reportText(report, format),
      };
    },
  };
}
