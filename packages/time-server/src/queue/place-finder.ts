import { CLASSIC_REPLY } from '@timeq/time-protocol';
import { placesOf } from './reply-style.js';

/** When it first checks which copies of a reply were read, in milliseconds; then after four times as long. */
const FIRST_LOOK_MS = 6;
const BACK_OFF = 4;

/** After that, 2 s in all, remaining copies are unread replies like others, which the sweeps take back. */
const LAST_LOOK_MS = FIRST_LOOK_MS * BACK_OFF ** 4;

/** The limit of copies at a type: so often its clients may ask before they read. */
const MAX_COPIES = 4;

/** The limit of clients that it tracks at once. Further ones are answered at type 3. */
const MAX_CLIENTS = 4096;

/** The actions of the finder on replies. */
interface Copies {
  send(type: number): void;
  /** Takes the oldest replies at a type out of the queue. @returns how many: the others were read */
  withdraw(type: number, most: number): number;
  /** How many replies of any type were taken back otherwise so far, or dropped. */
  readonly lost: number;
  /** Whether a client with this pid can still read. */
  mayRun(pid: number): boolean;
}

/**
 * Answers requests whose body is a pid. They do not say where their client waits: at the pid, at the pid plus 3, or at
 * type 3 like all others. So each gets a copy at all of them. It need not be known which client read which copy, though
 * two can share a type (the pid of one is the pid plus 3 of another), because of three rules:
 * - Each request adds a copy at every place of its client, and a client reads one copy for each request. So no client goes
 *   without one, not even if its neighbour reads before its own request is seen: that request adds a copy then.
 * - Of the copies at a type of their own, clients need no more than they have asked for and not read yet. More than
 *   `MAX_COPIES` are not kept.
 * - A copy that was read at such a type has answered one request, so one copy at type 3 is too many and is taken back.
 */
export class PlaceFinder {
  readonly #copies: Copies;
  /** The timers of the next checks, by the pids of clients that have asked a moment ago. */
  readonly #clients = new Map<number, NodeJS.Timeout>();
  /** How many copies were left at the clients' own types. */
  readonly #left = new Map<number, number>();
  /** How many of the lost copies are accounted for. */
  #lost = 0;

  constructor(copies: Copies) {
    this.#copies = copies;
  }

  /** Whether a client with this pid has asked a moment ago. */
  knows(pid: number): boolean {
    return this.#clients.has(pid);
  }

  /** Answers a request with this pid in its body. */
  answer(pid: number): void {
    this.#copies.send(CLASSIC_REPLY);
    const timer = this.#clients.get(pid);
    if (timer !== undefined || this.#clients.size < MAX_CLIENTS) {
      if (this.#clients.size === 0) this.#lost = this.#copies.lost;
      for (const type of ownTypes(pid)) this.#leave(type, Math.min(this.#take(type) + 1, MAX_COPIES));
      clearTimeout(timer);
      this.#lookIn(FIRST_LOOK_MS, pid);
    }
  }

  /** Forgets the copies: the queue is another one now. */
  clear(): void {
    for (const timer of this.#clients.values()) clearTimeout(timer);
    this.#clients.clear();
    this.#left.clear();
  }

  #lookIn(milliseconds: number, pid: number): void {
    this.#clients.set(
      pid,
      setTimeout(() => this.#look(pid, milliseconds), milliseconds),
    );
  }

  #look(pid: number, waited: number): void {
    const mayRun = this.#copies.mayRun(pid);
    const goesOn = mayRun && waited < LAST_LOOK_MS;
    if (goesOn) this.#lookIn(waited * BACK_OFF, pid);
    else this.#clients.delete(pid);
    for (const type of ownTypes(pid)) {
      const count = this.#take(type);
      const isShared = this.#clients.has(otherAt(type, pid));
      // A client that has ended needs no copy. If another one waits there whose request was not seen yet, that request
      // adds one.
      if (mayRun || isShared) this.#leave(type, count);
      if (!goesOn && !isShared) this.#left.delete(type);
    }
  }

  /** Takes the copies at a type out of the queue: they can't be counted inside. @returns how many there were */
  #take(type: number): number {
    const count = this.#copies.withdraw(type, MAX_COPIES);
    const gone = Math.max(0, (this.#left.get(type) ?? 0) - count);
    // A lost copy may be one of these, unread, or the surplus one at type 3.
    const lost = Math.min(gone, this.#copies.lost - this.#lost);
    this.#lost += lost;
    if (gone > lost) this.#copies.withdraw(CLASSIC_REPLY, gone - lost);
    return count;
  }

  #leave(type: number, count: number): void {
    this.#left.set(type, count);
    for (let copy = 0; copy < count; copy += 1) this.#copies.send(type);
  }
}

/** The types of a client that at most one other client shares. */
function ownTypes(pid: number): number[] {
  return placesOf(pid).filter((type) => type !== CLASSIC_REPLY);
}

/** The pid of the other client that may wait at a type of this client's. */
function otherAt(type: number, pid: number): number {
  return type === pid ? pid - CLASSIC_REPLY : type;
}
