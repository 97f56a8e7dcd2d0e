/** How long a reply waits for room in the queue before it is given up, in milliseconds. */
export const SEND_DEADLINE_MS = 5000;

/** How many replies may wait. One more, and the one that has waited longest is given up. */
export const MAX_WAITING = 65_536;

/** How much memory those that wait may take up, in bytes: each keeps the id of its request, which can be long. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

/** What became of an attempt to send: it is in the queue, there is no room, or it never can be sent. */
export type Attempt = 'sent' | 'full' | 'impossible';

interface Waiting<Letter> {
  readonly letter: Letter;
  /** How much memory it takes up, roughly. */
  readonly bytes: number;
  /** In milliseconds of the steady clock. */
  readonly since: number;
}

/**
 * Replies that found no room in the queue. The server must never block in msgsnd: with a queue full of requests, nobody
 * but itself can make the room that it would wait for. They leave in the order in which they came.
 */
export class Outbox<Letter> {
  readonly #now: () => number;
  #waiting: Waiting<Letter>[] = [];
  /** Where the first one is: taking from the front of a long array copies all of it. */
  #first = 0;
  #bytes = 0;
  #unsent = 0;

  /** @param now the steady clock, in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#waiting.length - this.#first;
  }

  /** How many were given up so far. */
  get unsent(): number {
    return this.#unsent;
  }

  /** @param bytes how much memory the letter takes up, roughly */
  add(letter: Letter, bytes: number): void {
    this.#waiting.push({ letter, bytes, since: this.#now() });
    this.#bytes += bytes;
    while (this.size > MAX_WAITING || this.#bytes > MAX_WAITING_BYTES) this.#giveUpFirst();
  }

  /** Sends what there is room for, and gives up what is past its deadline. */
  flush(send: (letter: Letter) => Attempt): void {
    const now = this.#now();
    for (let next = this.#waiting[this.#first]; next !== undefined; next = this.#waiting[this.#first]) {
      const attempt = next.since + SEND_DEADLINE_MS <= now ? 'impossible' : send(next.letter);
      if (attempt === 'full') break;
      if (attempt === 'impossible') this.#giveUpFirst();
      else this.#takeFirst();
    }
  }

  /** Gives up those that `unwanted` picks; it is told also for how many milliseconds each has waited. */
  giveUp(unwanted: (letter: Letter, waited: number) => boolean): void {
    const now = this.#now();
    const waiting = this.#waiting.slice(this.#first);
    const kept = waiting.filter(({ letter, since }) => !unwanted(letter, now - since));
    this.#unsent += this.size - kept.length;
    this.#waiting = kept;
    this.#first = 0;
    this.#bytes = kept.reduce((total, { bytes }) => total + bytes, 0);
  }

  /** Counts a reply that was given up without having waited. */
  countUnsent(): void {
    this.#unsent += 1;
  }

  #giveUpFirst(): void {
    this.#unsent += 1;
    this.#takeFirst();
  }

  #takeFirst(): void {
    this.#bytes -= this.#waiting[this.#first]?.bytes ?? 0;
    this.#first += 1;
    // Half of it at the least is gone then, so that each is moved once on average.
    if (this.#first * 2 >= this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
  }
}
