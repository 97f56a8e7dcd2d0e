/** What can stand in a line, in one at a time. */
export abstract class WaitQueueEntry<Each> {
  previous: Each | undefined;
  next: Each | undefined;
  queued = false;
}

/**
 * Those who came, in that order. It is no Set: of one that is added to and deleted from all the time, V8
 * makes a new table every few times, and each old one keeps the next alive until the next full collection.
 */
export class WaitQueue<Each extends WaitQueueEntry<Each>> {
  #first: Each | undefined;
  #last: Each | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): Each | undefined {
    return this.#first;
  }

  add(each: Each): void {
    each.previous = this.#last;
    each.queued = true;
    if (this.#last === undefined) this.#first = each;
    else this.#last.next = each;
    this.#last = each;
    this.#size += 1;
  }

  /** @returns false if it was not in the line any more */
  remove(each: Each): boolean {
    if (!each.queued) return false;
    if (each.previous === undefined) this.#first = each.next;
    else each.previous.next = each.next;
    if (each.next === undefined) this.#last = each.previous;
    else each.next.previous = each.previous;
    each.previous = undefined;
    each.next = undefined;
    each.queued = false;
    this.#size -= 1;
    return true;
  }

  /** Empties it, from the first to the last. */
  removeAll(removed: (each: Each) => void): void {
    for (let each = this.#first; each !== undefined; each = this.#first) {
      this.remove(each);
      removed(each);
    }
  }
}
