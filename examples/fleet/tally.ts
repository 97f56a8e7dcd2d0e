/** What has arrived of the messages 1 to `expected` of each host. */
export class Tally {
  readonly #expected: number;
  readonly #hosts: ReadonlyMap<string, Arrivals>;
  total = 0;

  constructor(hosts: readonly string[], expected: number) {
    this.#expected = expected;
    this.#hosts = new Map(hosts.map((host) => [host, new Arrivals(expected)]));
  }

  arrived(host: string, number: number): void {
    this.total += 1;
    this.#hosts.get(host)?.add(number);
  }

  of(host: string): Arrivals {
    return this.#hosts.get(host) ?? new Arrivals(this.#expected);
  }

  /** Whether each message arrived once and in order, and no other did. */
  get isRight(): boolean {
    const all = [...this.#hosts.values()];
    return (
      this.total === this.#expected * all.length &&
      all.every(({ lost, doubled, late }) => lost + doubled + late === 0)
    );
  }
}

class Arrivals {
  readonly #times: Uint8Array;
  #highest = 0;
  count = 0;
  /** Arrived after one that was sent later. */
  late = 0;

  constructor(expected: number) {
    this.#times = new Uint8Array(expected + 1);
  }

  add(number: number): void {
    this.count += 1;
    if (number < this.#highest) this.late += 1;
    this.#highest = Math.max(this.#highest, number);
    this.#times[number] = (this.#times[number] ?? 0) + 1;
  }

  get lost(): number {
    return this.#times.reduce((sum, times, number) => sum + (number > 0 && times === 0 ? 1 : 0), 0);
  }

  get doubled(): number {
    return this.#times.reduce((sum, times) => sum + Math.max(0, times - 1), 0);
  }
}
