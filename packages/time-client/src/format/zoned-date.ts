/**
 * A Date whose local fields are those of a given offset from UTC instead of this process's zone. It lets a formatter
 * that knows only the process's zone write any other, untouched by the process's own daylight saving time.
 */
export class ZonedDate extends Date {
  readonly #there: Date;
  readonly #offsetSeconds: number;

  constructor(epochMilliseconds: number, offsetSeconds: number) {
    super(epochMilliseconds);
    this.#there = new Date(epochMilliseconds + offsetSeconds * 1000);
    this.#offsetSeconds = offsetSeconds;
  }

  override getFullYear(): number {
    return this.#there.getUTCFullYear();
  }
  override getMonth(): number {
    return this.#there.getUTCMonth();
  }
  override getDate(): number {
    return this.#there.getUTCDate();
  }
  override getDay(): number {
    return this.#there.getUTCDay();
  }
  override getHours(): number {
    return this.#there.getUTCHours();
  }
  override getMinutes(): number {
    return this.#there.getUTCMinutes();
  }
  override getSeconds(): number {
    return this.#there.getUTCSeconds();
  }
  override getMilliseconds(): number {
    return this.#there.getUTCMilliseconds();
  }
  /** Minutes west of UTC, as Date has it. */
  override getTimezoneOffset(): number {
    return -Math.trunc(this.#offsetSeconds / 60);
  }
}
