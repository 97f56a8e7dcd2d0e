import { CLASSIC_REPLY } from '@timeq/time-protocol';
import { placesOf, replyTypeOf } from './dialect.js';

type Style = 'pid+3' | 'pid';

/** When it looks for the first time which copies of a reply were read, in milliseconds; then after four times as long. */
const FIRST_LOOK_MS = 5;
const BACK_OFF = 4;

/** After so long a pause the copies that are left are unread replies like others. */
const LONGEST_PAUSE_MS = 500;

/** How many clients may be undecided. One more, and the first is left to the sweeps. */
const MAX_UNDECIDED = 64;

/** How many clients are remembered. */
const MAX_KNOWN = 4096;

/** What the finder does with replies. */
export interface Copies {
  /** Sends the time to a type. */
  post(type: number): void;
  /** Takes the oldest reply at a type out of the queue. @returns false if there is none: it was read */
  withdraw(type: number): boolean;
}

interface Undecided {
  readonly pid: number;
  /** How many requests have copies in the queue. */
  requests: number;
  /** When to look, by the steady clock in milliseconds; Infinity: only when the client asks again. */
  next: number;
  pause: number;
  /** Whether its copy at the pid was read, but not that at pid + 3. */
  readAtPid: boolean;
}

/**
 * Answers requests whose body is a pid. They do not say where their client waits: at the pid, at the pid plus 3, or at
 * type 3 like all others. So it gets a copy at each, and when one of its own types was read, the other copies are taken
 * back, within milliseconds; from then on that client is answered at this type alone. All copies tell the time of now,
 * so whoever shares type 3 may take the one there as well as any other.
 */
export class PlaceFinder {
  readonly #copies: Copies;
  readonly #now: () => number;
  readonly #known = new Map<number, Style>();
  readonly #undecided = new Map<number, Undecided>();
  #timer: NodeJS.Timeout | undefined;

  /** @param now the steady clock, in milliseconds */
  constructor(copies: Copies, now: () => number) {
    this.#copies = copies;
    this.#now = now;
  }

  /** Answers a request with this pid in its body. */
  answer(pid: number): void {
    const before = this.#undecided.get(pid);
    // Whoever asks again has its answer, most likely: then it shows where it read it.
    if (before !== undefined) this.#look(before, true);
    const style = this.#known.get(pid);
    if (style !== undefined) {
      this.#copies.post(replyTypeOf(style, pid));
      return;
    }
    for (const type of placesOf(pid)) this.#copies.post(type);
    this.#remember(pid);
  }

  /** Forgets what is in the queue: it is another one now. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#undecided.clear();
  }

  #remember(pid: number): void {
    const next = this.#now() + FIRST_LOOK_MS;
    const known = this.#undecided.get(pid);
    if (known === undefined) {
      const [first] = this.#undecided.values();
      if (first !== undefined && this.#undecided.size >= MAX_UNDECIDED) this.#dropOwnCopies(first);
      this.#undecided.set(pid, { pid, requests: 1, next, pause: FIRST_LOOK_MS, readAtPid: false });
    } else {
      known.requests += 1;
      known.next = next;
      known.readAtPid = false;
    }
    this.#timer ??= setTimeout(() => this.#tick(), FIRST_LOOK_MS);
  }

  #tick(): void {
    this.#timer = undefined;
    const now = this.#now();
    let soonest = Infinity;
    for (const client of [...this.#undecided.values()]) {
      if (client.next <= now) this.#look(client, false);
      if (this.#undecided.has(client.pid)) soonest = Math.min(soonest, client.next);
    }
    if (soonest < Infinity) this.#timer ??= setTimeout(() => this.#tick(), Math.max(1, soonest - now));
  }

  /**
   * Looks which copies were read. A copy can't be seen without taking it, so those that are unread go back at once.
   * @param asksAgain whether the client has sent another request since: then it has read its answer
   */
  #look(client: Undecided, asksAgain: boolean): void {
    const { pid, requests } = client;
    const [plusThree, atPid] = [replyTypeOf('pid+3', pid), replyTypeOf('pid', pid)];
    const unreadPlusThree = this.#withdraw(plusThree, requests);
    if (client.readAtPid) {
      if (unreadPlusThree > 0) this.#decide(client, 'pid', 0);
      else this.#undecided.delete(pid);
      return;
    }
    const unreadAtPid = atPid === CLASSIC_REPLY ? requests : this.#withdraw(atPid, requests);
    if (unreadPlusThree < requests && unreadPlusThree <= unreadAtPid) {
      this.#decide(client, 'pid+3', unreadPlusThree);
    } else if (unreadAtPid < unreadPlusThree && asksAgain) {
      this.#decide(client, 'pid', unreadAtPid);
    } else {
      this.#putBack(plusThree, unreadPlusThree);
      if (atPid !== CLASSIC_REPLY) this.#putBack(atPid, unreadAtPid);
      if (unreadAtPid === 0) this.#leave(client);
      else this.#lookLater(client);
    }
  }

  #lookLater(client: Undecided): void {
    client.pause *= BACK_OFF;
    client.next = this.#now() + client.pause;
    if (client.pause > LONGEST_PAUSE_MS) this.#undecided.delete(client.pid);
  }

  /**
   * It reads at its pid, or another client whose pid is less by 3 took that copy: then the one at pid + 3 is still
   * needed. It becomes clear when the client asks again.
   */
  #leave(client: Undecided): void {
    client.readAtPid = true;
    client.next = Infinity;
    this.#withdraw(CLASSIC_REPLY, client.requests);
  }

  /** @param unread how many of its replies are not read yet */
  #decide({ pid, requests }: Undecided, style: Style, unread: number): void {
    this.#undecided.delete(pid);
    this.#known.delete(pid);
    this.#known.set(pid, style);
    if (this.#known.size > MAX_KNOWN) this.#known.delete(this.#known.keys().next().value as number);
    this.#putBack(replyTypeOf(style, pid), unread);
    this.#withdraw(CLASSIC_REPLY, requests);
  }

  /** So many clients may be read from type 3, and send any number: their other copies must not fill the queue. */
  #dropOwnCopies({ pid, requests }: Undecided): void {
    this.#undecided.delete(pid);
    for (const type of placesOf(pid)) if (type !== CLASSIC_REPLY) this.#withdraw(type, requests);
  }

  #withdraw(type: number, most: number): number {
    let count = 0;
    while (count < most && this.#copies.withdraw(type)) count += 1;
    return count;
  }

  #putBack(type: number, count: number): void {
    for (let copy = 0; copy < count; copy += 1) this.#copies.post(type);
  }
}
