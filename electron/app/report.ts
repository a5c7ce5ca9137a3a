// A report in the forms in which it can be kept.
import { jsonText } from "../../shared/plain-text.ts";
import type { ReportFormat } from "../../shared/report.ts";
import { csvReport } from "./report-csv.ts";
import type { Report } from "./report-document.ts";
import { htmlReport } from "./report-html.ts";

export const reportMediaTypes: Readonly<Record<ReportFormat, string>> = {
  json: "application/json",
  csv: "text/csv; charset=utf-8",
  html: "text/html; charset=utf-8",
};

export function reportText(report: Report, format: ReportFormat): string {
  switch (format) {
    case "json":
      return `${jsonText(report, 2)}\n`;
    case "csv":
      return csvReport(report);
    case "html":
      return htmlReport(report);
  }
}
