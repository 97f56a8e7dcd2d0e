/** What can stand in a line, in one at a time. */
export abstract class InLine<Each> {
  before: Each | undefined;
  after: Each | undefined;
  inLine = false;
}

/**
 * Those who came, in that order. It is no Set: of one that is added to and deleted from all the time, V8
 * makes a new table every few times, and each old one keeps the next alive until the next full collection.
 */
export class Line<Each extends InLine<Each>> {
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
    each.before = this.#last;
    each.inLine = true;
    if (this.#last === undefined) this.#first = each;
    else this.#last.after = each;
    this.#last = each;
    this.#size += 1;
  }

  /** @returns false if it was not in the line any more */
  remove(each: Each): boolean {
    if (!each.inLine) return false;
    if (each.before === undefined) this.#first = each.after;
    else each.before.after = each.after;
    if (each.after === undefined) this.#last = each.before;
    else each.after.before = each.before;
    each.before = undefined;
    each.after = undefined;
    each.inLine = false;
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
