// What can be changed of a run while it runs, and who is told of it.
import type { RunOptions } from "../../shared/run.ts";
import type { RunControl } from "../engine/ports.ts";

export class LiveRunControl implements RunControl {
  readonly #listeners = new Set<() => void>();
  readonly #limitBandwidth: (bytesPerSecond: number | null) => void;
  #parallelImages: number;
  #bandwidth: number | null;

  /** @param limitBandwidth called at once and whenever the run's own limit changes; bytes per second, null = none. */
  constructor(options: RunOptions, limitBandwidth: (bytesPerSecond: number | null) => void) {
    this.#parallelImages = options.parallelImages;
    this.#bandwidth = options.bandwidth;
    this.#limitBandwidth = limitBandwidth;
    limitBandwidth(options.bandwidth);
  }

  get parallelImages(): number {
    return this.#parallelImages;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** True where something changed. */
  apply({ parallelImages, bandwidth }: RunOptions): boolean {
    const images = parallelImages !== this.#parallelImages;
    const limit = bandwidth !== this.#bandwidth;
    this.#parallelImages = parallelImages;
    this.#bandwidth = bandwidth;
    if (limit) this.#limitBandwidth(bandwidth);
    if (images) for (const listener of this.#listeners) listener();
    return images || limit;
  }
}
