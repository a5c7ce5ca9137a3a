// The Transfer screen: two registries side by side.
export function TransferScreen() {
  return <div className="h-full" />;
}
