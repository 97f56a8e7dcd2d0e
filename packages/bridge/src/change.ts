/** Waits for changes. A change between two waits ends the next one at once. */
export class Change {
  #changed = false;
  #wake: (() => void) | undefined;

  tell(): void {
    this.#changed = true;
    this.#wake?.();
  }

  /** Resolves at the next change, or after this many milliseconds. */
  async next(milliseconds?: number): Promise<void> {
    if (!this.#changed) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (milliseconds !== undefined) timer = setTimeout(resolve, milliseconds);
      });
      clearTimeout(timer);
      this.#wake = undefined;
    }
    this.#changed = false;
  }
}
