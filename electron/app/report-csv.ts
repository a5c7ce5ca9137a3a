// A report as CSV: one line an image. RFC 4180, https://www.rfc-editor.org/rfc/rfc4180
import { plainText } from "../../shared/plain-text.ts";
import type { Report, ReportItem } from "./report-document.ts";

type Cell = string | number | boolean | null | undefined;

const columns: readonly (readonly [string, (item: ReportItem, report: Report) => Cell])[] = [
  ["run", (_, report) => report.run],
  ["started_at", (_, report) => report.started_at],
  ["finished_at", (_, report) => report.finished_at],
  ["status", (item) => item.status],
  ["action", (item) => item.action],
  ["source", (item) => item.source],
  ["destination", (item) => item.destination],
  ["source_digest", (item) => item.source_digest],
  ["written_digest", (item) => item.writes_digest ?? item.source_digest],
  ["destination_digest", (item) => item.destination_digest],
  ["replaced_digest", (item) => item.replaced_digest],
  ["verified", (item) => item.verified],
  ["media_type", (item) => item.media_type],
  ["platforms", (item) => item.platforms.join(" ")],
  ["attachments_found", (item) => item.attachments.found],
  ["attachments_at_destination", (item) => item.attachments.at_destination],
  ["attachments_to_copy", (item) => item.attachments.to_copy],
  ["attachments_copied", (item) => item.attachments.copied],
  ["bytes_total", (item) => item.bytes_total],
  ["bytes_transferred", (item) => item.bytes],
  ["bytes_already_present", (item) => item.bytes_already_present],
  ["bytes_resumed", (item) => item.resumed],
  ["attempts", (item) => item.attempts],
  ["duration_ms", (item) => item.duration_ms],
  ["reason", (item) => item.reason],
  ["error_code", (item) => item.error?.code],
  ["error_side", (item) => item.error?.side],
  ["error_operation", (item) => item.error?.operation],
  ["error_message", (item) => item.error?.message],
];

/**
 * One line of text without what a terminal would obey, as the report is printed, too. What a spreadsheet would take for a formula
 * becomes text: https://owasp.org/www-community/attacks/CSV_Injection
 */
function cell(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const plain = plainText(value.replace(/\s+/g, " "));
  const text = /^ ?[=+\-@]/.test(plain) ? `'${plain}` : plain;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export async function* csvReport(report: Report): AsyncGenerator<string> {
  yield line(columns.map(([name]) => name));
  for await (const items of report.items.pages())
    yield items.map((item) => line(columns.map(([, of]) => cell(of(item, report))))).join("");
}

function line(cells: readonly string[]): string {
  return `${cells.join(",")}\r\n`;
}
