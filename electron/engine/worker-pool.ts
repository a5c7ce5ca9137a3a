// Workers side by side, as many as are wanted at the moment: more come and some leave while the work goes on.

export class WorkerPool {
  readonly #wanted: () => number;
  readonly #step: () => Promise<boolean>;
  readonly #done = Promise.withResolvers<void>();
  #working = 0;
  /** Somebody found nothing to do: nobody new is taken on. */
  #dry = false;
  #failure: { readonly error: unknown } | undefined;

  /**
   * @param wanted at least 1.
   * @param step one piece of work; false where there is none left for this worker.
   */
  constructor(wanted: () => number, step: () => Promise<boolean>) {
    this.#wanted = wanted;
    this.#step = step;
  }

  /** Resolves when every worker found nothing more; rejects with the first failure of a step, after all have ended. */
  run(): Promise<void> {
    this.adjust();
    return this.#done.promise;
  }

  /** To be called when another number is wanted. Who is too many leaves after the piece that he works on. */
  adjust(): void {
    while (!this.#dry && this.#working < this.#wanted()) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working++;
    try {
      while (this.#failure === undefined && this.#working <= this.#wanted()) {
        if (await this.#step()) continue;
        this.#dry = true;
        break;
      }
    } catch (error) {
      this.#failure ??= { error };
      this.#dry = true;
    }
    this.#working--;
    if (this.#working > 0) return;
    if (this.#failure === undefined) this.#done.resolve();
    else this.#done.reject(this.#failure.error);
  }
}
