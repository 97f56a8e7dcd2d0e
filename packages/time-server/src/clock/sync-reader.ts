import { NANOSECONDS_PER_SECOND, type ClockSync } from '@timeq/time-protocol';

/** The state of the machine's clock, read once a second at most and not once a request. */
export class SyncReader {
  readonly #read: () => ClockSync | undefined;
  #sync: ClockSync | undefined;
  #from = 0n;
  #until = 0n;

  constructor(read: () => ClockSync | undefined) {
    this.#read = read;
  }

  /** @param moment by the machine's clock, in nanoseconds since the epoch */
  at(moment: bigint): ClockSync | undefined {
    // Less than #from: the clock was set back.
    if (moment >= this.#from && moment < this.#until) return this.#sync;
    this.#sync = this.#read();
    this.#from = moment;
    this.#until = moment + NANOSECONDS_PER_SECOND;
    return this.#sync;
  }
}
