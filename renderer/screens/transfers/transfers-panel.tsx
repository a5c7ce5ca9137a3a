// Placeholder for the panel of running and finished transfers.
export function TransfersPanel() {
  return <section aria-label="Transfers" className="h-full bg-surface" />;
}
