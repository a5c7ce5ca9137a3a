// One answer of the palette, and the group that it stands in.
export interface PaletteItem {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** Quieter, at the right. */
  readonly detail?: string;
  /** Keys as people read them. */
  readonly keys?: string;
  readonly keywords?: string;
  readonly run: () => void;
}

export interface PaletteGroup {
  readonly value: string;
  readonly items: readonly PaletteItem[];
}
