/** A look that may take long is made again only after this many times as long as it took. */
const REST = 25;

/** Remembers a look for a while, so that looking takes a small share of the time however much there is. */
export class Rested<Found> {
  readonly #look: () => Found;
  readonly #atLeast: number;
  readonly #rest: number;
  #known: { readonly found: Found; readonly until: number } | undefined;

  /**
   * @param atLeast how long it is remembered at least, in milliseconds
   * @param rest after how many times as long as it took it is made again
   */
  constructor(look: () => Found, atLeast: number, rest = REST) {
    this.#look = look;
    this.#atLeast = atLeast;
    this.#rest = rest;
  }

  get(): Found {
    const begin = performance.now();
    if (this.#known !== undefined && begin < this.#known.until) return this.#known.found;
    const found = this.#look();
    const end = performance.now();
    this.#known = { found, until: begin + Math.max(this.#atLeast, (end - begin) * this.#rest) };
    return found;
  }
}
