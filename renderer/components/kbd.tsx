// Keys as they stand on a keyboard.
export function Keys({ text }: { readonly text: string }) {
  return (
    <kbd className="inline-flex h-4.5 items-center rounded-sm border border-line-strong bg-sunken px-1 font-sans text-2xs text-muted">
      {text}
    </kbd>
  );
}
