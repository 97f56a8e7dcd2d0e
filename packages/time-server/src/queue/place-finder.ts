import { CLASSIC_REPLY } from '@timeq/time-protocol';
import { placesOf } from './dialect.js';

/** When it looks for the first time which copies of a reply were read, in milliseconds; then after four times as long. */
const FIRST_LOOK_MS = 5;
const BACK_OFF = 4;

/** From then on the copies that are left are unread replies like others, which the sweeps take back. */
const UNDECIDED_MS = 1000;

/** Who has asked so often, and nothing was read at its own types, reads at type 3. Only a client that sends more before it reads the first reply is mistaken for such a one. */
const SHARED_AFTER = 16;

/** How many clients are looked after at once. The copies of one more are left to the sweeps. */
const MAX_CLIENTS = 256;

/** What the finder does with replies. */
export interface Copies {
  /** Sends the time to a type. */
  post(type: number): void;
  /** Takes the oldest replies at a type out of the queue. @returns how many: the others were read */
  withdraw(type: number, most: number): number;
  /** Whether several processes may have one pid, since they are in other pid namespaces. */
  readonly pidsRecur: boolean;
}

interface Undecided {
  readonly pid: number;
  /** Its own types. */
  readonly own: readonly Place[];
  /** When it asked first, by the steady clock in milliseconds. */
  readonly since: number;
  /** How many requests have a copy at each place. */
  requests: number;
  /** When to look. */
  next: number;
  pause: number;
}

interface Place {
  readonly type: number;
  /** Who else may read there: its pid is 3 less or more. */
  readonly neighbour: number;
  /** How many replies of others lay there before; Infinity if that is not known any more. */
  former: number;
}

/**
 * Answers requests whose body is a pid. They do not say where their client waits: at the pid, at the pid plus 3, or at
 * type 3 like all others. So each gets a copy at all of them, and when a copy at a type of its own was read, the others
 * are taken back, within milliseconds.
 *
 * Two clients can share a type: the pid of one is the pid plus 3 of another. A copy counts as read by a client only if
 * there are fewer messages at the type than copies for this client alone. Whoever shares the type reads no more than it
 * was sent there itself, so it can't have read this one. Nothing is taken back on weaker evidence.
 */
export class PlaceFinder {
  readonly #copies: Copies;
  readonly #now: () => number;
  readonly #undecided = new Map<number, Undecided>();
  /** When those that read at type 3 have asked last. */
  readonly #shared = new Map<number, number>();
  #timer: NodeJS.Timeout | undefined;

  /** @param now the steady clock, in milliseconds */
  constructor(copies: Copies, now: () => number) {
    this.#copies = copies;
    this.#now = now;
  }

  /** Answers a request with this pid in its body. */
  answer(pid: number): void {
    // Who asks again has read its answer, most likely, so it shows where.
    this.#lookAt(pid);
    this.#copies.post(CLASSIC_REPLY);
    if (this.#isShared(pid)) return;
    const client = this.#undecided.get(pid) ?? this.#start(pid);
    client.requests += 1;
    for (const { type } of client.own) this.#copies.post(type);
  }

  /** Forgets what is in the queue: it is another one now. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#undecided.clear();
    this.#shared.clear();
  }

  /** After a while without a request it may be another process with the same pid. */
  #isShared(pid: number): boolean {
    const last = this.#shared.get(pid);
    if (last === undefined) return false;
    this.#shared.delete(pid);
    const now = this.#now();
    if (now - last > UNDECIDED_MS) return false;
    this.#shared.set(pid, now);
    return true;
  }

  #start(pid: number): Undecided {
    const since = this.#now();
    const own = placesOf(pid)
      .filter((type) => type !== CLASSIC_REPLY)
      .map((type) => this.#place(type, type === pid ? pid - CLASSIC_REPLY : type));
    const client = { pid, own, since, requests: 0, next: since + FIRST_LOOK_MS, pause: FIRST_LOOK_MS };
    if (this.#undecided.size < MAX_CLIENTS) {
      this.#undecided.set(pid, client);
      this.#timer ??= setTimeout(() => this.#tick(), FIRST_LOOK_MS);
    }
    return client;
  }

  #place(type: number, neighbour: number): Place {
    const unread = this.#count(type, Infinity);
    return { type, neighbour, former: Math.max(0, unread - this.#requestsOf(neighbour)) };
  }

  #requestsOf(pid: number): number {
    return this.#undecided.get(pid)?.requests ?? 0;
  }

  #tick(): void {
    this.#timer = undefined;
    const now = this.#now();
    let soonest = Infinity;
    for (const { pid, next } of [...this.#undecided.values()]) {
      if (next <= now) this.#lookAt(pid);
      soonest = Math.min(soonest, this.#undecided.get(pid)?.next ?? Infinity);
    }
    if (soonest < Infinity) this.#timer ??= setTimeout(() => this.#tick(), Math.max(1, soonest - now));
  }

  #lookAt(pid: number): void {
    const client = this.#undecided.get(pid);
    if (client === undefined) return;
    const now = this.#now();
    if (now >= client.since + UNDECIDED_MS) this.#giveUp(client);
    else if (!this.#hasRead(client) && client.requests >= SHARED_AFTER) this.#tryShared(client);
    if (now < client.next) return;
    client.pause *= BACK_OFF;
    client.next = Math.min(now + client.pause, client.since + UNDECIDED_MS);
  }

  /** Looks whether it has read at a type of its own, and if so takes back what is elsewhere. */
  #hasRead(client: Undecided): boolean {
    const { pid, own, requests } = client;
    const place = own.find(({ type }) => this.#count(type, requests) < requests);
    if (place === undefined) return false;
    this.#undecided.delete(pid);
    // With several requests under one pid its namesakes may read elsewhere.
    if (requests > 1 && this.#copies.pidsRecur) this.#distrust(own);
    else for (const type of placesOf(pid)) if (type !== place.type) this.#copies.withdraw(type, requests);
    return true;
  }

  /** Looks whether nobody has read anything at its own types. */
  #tryShared({ pid, own, requests }: Undecided): void {
    if (this.#copies.pidsRecur) return;
    for (const { neighbour } of own) {
      const other = this.#undecided.get(neighbour);
      if (other !== undefined) this.#hasRead(other);
    }
    const isUntouched = ({ type, neighbour, former }: Place): boolean => {
      const all = requests + this.#requestsOf(neighbour) + former;
      return all < Infinity && this.#count(type, all) === all;
    };
    if (!own.every(isUntouched)) return;
    this.#undecided.delete(pid);
    for (const { type } of own) this.#copies.withdraw(type, requests);
    this.#shared.set(pid, this.#now());
    if (this.#shared.size > MAX_CLIENTS) this.#shared.delete(this.#shared.keys().next().value as number);
  }

  #giveUp({ pid, own }: Undecided): void {
    this.#undecided.delete(pid);
    this.#distrust(own);
  }

  /** What is left at these types is not counted any more. */
  #distrust(own: readonly Place[]): void {
    for (const { type, neighbour } of own) {
      for (const place of this.#undecided.get(neighbour)?.own ?? [])
        if (place.type === type) place.former = Infinity;
    }
  }

  /** How many replies lie at a type. A copy can't be seen without taking it, so they go back at once. */
  #count(type: number, most: number): number {
    const count = this.#copies.withdraw(type, most);
    for (let copy = 0; copy < count; copy += 1) this.#copies.post(type);
    return count;
  }
}
