// The contract's report method: a run's report as a file to be kept.
import type { Api } from "../../../shared/contract.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import type { ReportFormat } from "../../../shared/report.ts";
import { commandLine } from "../command-line.ts";
import type { CallContext } from "../dispatch.ts";
import { imagePages } from "../image-pages.ts";
import { reportMediaTypes, reportPieces } from "../report.ts";
import { reportDocument } from "../report-document.ts";
import type { Services } from "../services.ts";

/** Characters; more than that is written piece by piece by the command line, and nowhere held whole. */
const longest = 64 * 1024 * 1024;

function tooLong(runId: string, format: ReportFormat): FreightlinerError {
  return new FreightlinerError({
    code: "unsupported",
    operation: "write-report",
    message: `The report is too long to be held in memory. Write it with: freightliner runs report ${runId} --report report.${format}`,
  });
}

export function reportMethods(services: Services, version: string): Pick<Api<CallContext>, "runs.report"> {
  const { store, clock } = services;
  return {
    "runs.report": async ({ runId, format }, { signal }) => {
      const run = store.runs.get(runId);
      const images = () =>
        imagePages((query) => {
          signal.throwIfAborted();
          return store.runs.images(runId, query);
        });
      const [source, destination] = [run.source.id, run.destination.id].map((id) => store.endpoints.get(id));
      const command =
        source === undefined || destination === undefined ? "" : commandLine(run, source, destination);
      const report = reportDocument({ run, images, version, command, now: clock.now() });
      let text = "";
      for await (const piece of reportPieces(report, format)) {
        text += piece;
        if (text.length > longest) throw tooLong(runId, format);
      }
      return {
        fileName: `freightliner-${run.id}.${format}`,
        mediaType: reportMediaTypes[format],
        text,
      };
    },
  };
}
