/** Lets one wait until something has changed; changes in between are not missed. */
export class Change {
  #changed = false;
  #wake: (() => void) | undefined;

  tell(): void {
    this.#changed = true;
    this.#wake?.();
  }

  /** Resolves at the next change, or after so many milliseconds. */
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
