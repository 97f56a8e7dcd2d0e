const FIRST_PLACES = 64;

/**
 * The pending requests, by ids that count up. It is not a Map: for a Map with constant additions and deletions V8 makes
 * a new table every few requests, and each old table keeps the next alive. Once one has survived for long enough, all
 * later ones are kept until the next full collection, and the collector is busy a quarter of the time.
 */
export class RequestTable<Request extends { readonly id: number }> {
  /** Each at its id, modulo the number of places, which is a power of two. */
  #places = emptyPlaces<Request>(FIRST_PLACES);
  /** Requests that are still pending when their place is needed again. */
  readonly #overtaken = new Map<number, Request>();
  #size = 0;
  /** No request at a place has a lower id. */
  #first = 1;
  #last = 0;

  get size(): number {
    return this.#size;
  }

  /** @param request with a higher id than all that were added before */
  add(request: Request): void {
    const { id } = request;
    const occupant = this.#places[this.#placeOf(id)];
    if (occupant !== undefined) this.#makeRoom(occupant);
    this.#places[this.#placeOf(id)] = request;
    this.#last = id;
    this.#size += 1;
  }

  get(id: number): Request | undefined {
    const request = this.#places[this.#placeOf(id)];
    return request?.id === id ? request : this.#overtaken.get(id);
  }

  /** Removes a pending request. */
  remove(request: Request): void {
    const place = this.#placeOf(request.id);
    if (this.#places[place] === request) this.#places[place] = undefined;
    else this.#overtaken.delete(request.id);
    this.#size -= 1;
  }

  /** All of them, the oldest first. They may be removed meanwhile. */
  *[Symbol.iterator](): Generator<Request, void> {
    yield* this.#overtaken.values();
    this.#first = Math.max(this.#first, this.#last - this.#places.length + 1);
    while (this.#first <= this.#last && this.#at(this.#first) === undefined) this.#first += 1;
    for (let id = this.#first; id <= this.#last; id++) {
      const request = this.#at(id);
      if (request !== undefined) yield request;
    }
  }

  #placeOf(id: number): number {
    return id & (this.#places.length - 1);
  }

  /** The request with this id, unless it was moved to the overtaken ones. */
  #at(id: number): Request | undefined {
    const request = this.#places[this.#placeOf(id)];
    return request?.id === id ? request : undefined;
  }

  #makeRoom(occupant: Request): void {
    if (this.#size * 2 < this.#places.length) {
      this.#overtaken.set(occupant.id, occupant);
      return;
    }
    const before = this.#places;
    this.#places = emptyPlaces(2 * before.length);
    for (const request of before) {
      if (request !== undefined) this.#places[this.#placeOf(request.id)] = request;
    }
  }
}

function emptyPlaces<Request>(count: number): (Request | undefined)[] {
  return Array.from({ length: count }, () => undefined);
}
