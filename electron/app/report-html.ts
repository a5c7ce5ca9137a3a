// A report as one page that needs nothing else: no script, no outside resource, readable on paper and in the dark.
import { plainText } from "../../shared/plain-text.ts";
import { formatBytes, formatDuration } from "../../shared/units.ts";
import type { Report, ReportItem } from "./report-document.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeHtml(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

const style = `
:root { color-scheme: light dark; --line: #d5d9e0; --soft: #5b6472; --bad: #b3261e; --good: #1b6e3c; }
@media (prefers-color-scheme: dark) { :root { --line: #3a414d; --soft: #a3adbb; --bad: #ff8a80; --good: #7ddba0; } }
body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.5rem; margin: 1rem 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; } td.number, th.number { text-align: right; white-space: nowrap; }
code { font: 12px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
code.digest { display: block; min-width: 36ch; } .wide { overflow-x: auto; }
.failed { color: var(--bad); } .succeeded { color: var(--good); } .soft { color: var(--soft); }
@media print { body { margin: 0; max-width: none; font-size: 10px; } code { font-size: 8px; } .wide { overflow-x: visible; } tr { break-inside: avoid; } thead { display: table-header-group; } }
`;

function facts(pairs: readonly (readonly [string, string | null])[]): string {
  const shown = pairs.map(
    ([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value ?? "not yet")}</dd>`,
  );
  return `<dl>${shown.join("\n")}</dl>`;
}

function code(text: string | null): string {
  return text === null ? '<span class="soft">none</span>' : `<code>${escapeHtml(text)}</code>`;
}

/** In full, as it is evidence: on a line of its own, or on two equal ones where there is little room. */
function digest(text: string | null): string {
  if (text === null) return code(null);
  const escaped = escapeHtml(text);
  return `<code class="digest" title="${escaped}">${escaped}</code>`;
}

/** How it is known that the destination has it. */
function proof(item: ReportItem): string {
  if (item.verified) return ", read back";
  const there = item.destination_digest;
  return item.status === "skipped" && there !== null && there === writtenDigest(item) ? ", same digest" : "";
}

function writtenDigest(item: ReportItem): string | null {
  return item.writes_digest ?? item.source_digest;
}

function row(item: ReportItem): string {
  const written = writtenDigest(item);
  const why =
    item.error === undefined ? item.reason : `${item.error.side}: ${item.error.message} (${item.error.code})`;
  const { found, at_destination: there } = item.attachments;
  const digests = [
    digest(item.source_digest),
    ...(written === item.source_digest ? [] : [`<span class="soft">written as</span> ${digest(written)}`]),
  ];
  return `<tr>
<td class="${item.status}">${escapeHtml(item.status)}<br><span class="soft">${escapeHtml(item.action)}${proof(item)}</span></td>
<td>${code(item.source)} ${digests.join("")}</td>
<td>${code(item.destination)} ${digest(item.destination_digest)}</td>
<td class="number">${there} of ${found}</td>
<td class="number">${escapeHtml(formatBytes(item.bytes))}</td>
<td class="number">${item.attempts}</td>
<td>${escapeHtml(why)}</td>
</tr>`;
}

function totals({ images, bytes, attachments, duration_ms }: Report): string {
  return facts([
    [
      "Images",
      `${images.total} planned: ${images.copied} copied, ${images.skipped} skipped, ${images.failed} failed, ${images.deleted} deleted`,
    ],
    [
      "Bytes",
      `${formatBytes(bytes.transferred)} sent of ${formatBytes(bytes.to_transfer)} planned, ${formatBytes(bytes.already_present)} already there, ${formatBytes(bytes.mounted)} mounted, ${formatBytes(bytes.resumed)} resumed`,
    ],
    ...(attachments === undefined
      ? []
      : [
          [
            "Attachments",
            `${attachments.found} found, ${attachments.at_destination} at the destination, ${attachments.copied} copied by this run`,
          ] as const,
        ]),
    ["Time at work", formatDuration(duration_ms)],
  ]);
}

function warnings({ plan }: Report): string {
  if (plan === undefined || plan.warnings.length === 0) return "";
  const items = plan.warnings.map(({ text }) => `<li>${escapeHtml(text)}</li>`);
  return `<h2>Warnings of the plan</h2><ul>${items.join("\n")}</ul>`;
}

export async function* htmlReport(report: Report): AsyncGenerator<string> {
  yield head(report);
  for await (const items of report.items.pages()) yield items.map((item) => `${row(item)}\n`).join("");
  yield tail(report);
}

function head(report: Report): string {
  const title = `Replication report ${report.run}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p class="${report.status}">${escapeHtml(report.status)}</p>
${facts([
  ["Source", report.source],
  ["Destination", report.destination],
  ["Planned", report.created_at],
  ["Started", report.started_at],
  ["Finished", report.finished_at],
  ["Command", report.command],
  ["Written by", `${report.program.name} ${report.program.version}, ${report.written_at}`],
])}
${report.error === undefined ? "" : `<p class="failed">${escapeHtml(report.error.message)}</p>`}
<h2>Totals</h2>
${totals(report)}
${warnings(report)}
<h2>Images</h2>
<div class="wide"><table>
<thead><tr><th>Result</th><th>Source and its digest</th><th>Destination and its digest</th><th class="number">Attachments there</th><th class="number">Sent</th><th class="number">Attempts</th><th>Why</th></tr></thead>
<tbody>
`;
}

function tail(report: Report): string {
  const options = Object.entries(report.options).map(
    ([name, value]) =>
      [name.replaceAll("_", " "), typeof value === "string" ? value : JSON.stringify(value)] as const,
  );
  return `</tbody>
</table></div>
<h2>Options</h2>
${facts(options)}
</body>
</html>
`;
}
