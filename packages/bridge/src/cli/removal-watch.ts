import type { SlotStore } from '../slots/slot-store.js';

/** Milliseconds between two looks. */
const OFTEN = 1000;

/** Calls back once when the segment of the slots was removed under its bridge. A kill would lose the messages in it now. */
export class RemovalWatch {
  readonly #timer: NodeJS.Timeout;

  constructor(store: SlotStore, removed: () => void) {
    this.#timer = setInterval(() => {
      if (!store.isRemoved) return;
      clearInterval(this.#timer);
      removed();
    }, OFTEN);
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
