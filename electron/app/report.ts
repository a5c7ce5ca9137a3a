// A report in the forms in which it can be kept.
import type { ReportFormat } from "../../shared/report.ts";
import { jsonPieces } from "./json-pieces.ts";
import { csvReport } from "./report-csv.ts";
import type { Report } from "./report-document.ts";
import { htmlReport } from "./report-html.ts";

export const reportMediaTypes: Readonly<Record<ReportFormat, string>> = {
  json: "application/json",
  csv: "text/csv; charset=utf-8",
  html: "text/html; charset=utf-8",
};

/** The report's text in pieces; its images are read while it is written. */
export async function* reportPieces(report: Report, format: ReportFormat): AsyncGenerator<string> {
  switch (format) {
    case "json":
      yield* jsonPieces(report, 2);
      yield "\n";
      return;
    case "csv":
      return yield* csvReport(report);
    case "html":
      return yield* htmlReport(report);
  }
}
