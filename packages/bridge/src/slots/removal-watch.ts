/** Milliseconds between two looks. */
const PERIOD = 1000;

/** The slots that are watched. */
interface Watched {
  /** Whether their segment was removed. */
  readonly isRemoved: boolean;
  readonly slots: ReadonlyArray<{ readonly holdsMessage: boolean }>;
}

/**
 * Notices that the segment with the slots was removed: from then on a kill would lose the messages in them. It looks before the
 * first message after a pause, and then once a second until no message moves and none is held. So it costs an idle bridge
 * nothing.
 */
export class RemovalWatch {
  readonly #store: Watched;
  #removed: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #used = false;

  constructor(store: Watched) {
    this.#store = store;
  }

  /** Calls back once the segment was removed. */
  begin(removed: () => void): void {
    this.#removed = removed;
    this.#look();
  }

  /** Is called before messages come into slots. */
  use(): void {
    this.#used = true;
    if (this.#timer === undefined) this.#look();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#removed = undefined;
  }

  #look(): void {
    this.#timer = undefined;
    if (this.#removed === undefined) return;
    if (this.#store.isRemoved) {
      this.#removed();
    } else if (this.#used || this.#store.slots.some((slot) => slot.holdsMessage)) {
      this.#used = false;
      this.#timer = setTimeout(() => this.#look(), PERIOD);
    }
  }
}
