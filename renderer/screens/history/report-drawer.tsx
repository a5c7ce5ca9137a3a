// The Report drawer: a run with the digests of both sides.
export function ReportDrawer() {
  return null;
}
