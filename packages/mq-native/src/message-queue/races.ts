/** So many races that were lost outweigh what taking costs. */
const ENOUGH = 8;
const MOST = 16;
/** One that was won is worth so many that were lost. */
const WORTH = 2;
/** Messages that the thread takes before it looks whether there are still others, at the least; at the most twice as many. */
const TAKES = 64;

/** Not the same for all: processes that compete take in turn, and would come to their looks, and wake for one, together. */
function takesUntilLook(): number {
  return TAKES + Math.floor(Math.random() * TAKES);
}

/**
 * Whether a selection's thread should take messages. One that has room for no bytes is woken by each message together
 * with all others like it, and all but one of them wake for nothing. One that has room is handed the message by the
 * kernel in its turn, and nobody else is woken.
 *
 * That has its price: the message is in this process's hands before script has asked for it, and where few compete, one
 * that polls would have had it sooner. So the thread takes only after many more races were lost than won, and goes back
 * to waiting without room for one message in so many: if that is not lost, nobody competes any more.
 */
export class Races {
  #lost = 0;
  #taken = 0;
  #look = takesUntilLook();

  get takes(): boolean {
    return this.#lost >= ENOUGH && this.#taken < this.#look;
  }

  /** The thread was woken for a message that was gone when script looked. */
  lost(): void {
    this.#lost = Math.min(MOST, this.#lost + 1);
    this.#startOver();
  }

  /** Script found a message. */
  won(): void {
    this.#lost = Math.max(0, this.#lost - WORTH);
    if (this.#lost < ENOUGH) this.#startOver();
  }

  /** The thread has taken one. */
  took(): void {
    this.#taken += 1;
  }

  /** What it has taken counts from nothing again. */
  #startOver(): void {
    if (this.#taken === 0) return;
    this.#taken = 0;
    this.#look = takesUntilLook();
  }
}
