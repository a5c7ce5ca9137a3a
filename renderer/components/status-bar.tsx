// The status bar: what runs, how fast, which limits hold, and whether the engine is there.
export function StatusBar() {
  return <div className="h-6 shrink-0 border-t border-line bg-canvas" />;
}
