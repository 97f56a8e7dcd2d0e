/** What a view shows, asked of the server again and again while it is open. */
export class Asked<Answer extends object> {
  readonly #path: string;
  readonly #pause: number;
  readonly #show: (answer: Answer) => void;
  readonly #say: (sentence: string) => void;
  #asking = false;
  #askedAt = -Infinity;
  #closed = false;

  /**
   * @param pause how many milliseconds pass between two requests at least
   * @param say shows why there is no answer
   */
  constructor(path: string, pause: number, show: (answer: Answer) => void, say: (sentence: string) => void) {
    this.#path = path;
    this.#pause = pause;
    this.#show = show;
    this.#say = say;
    this.refresh();
  }

  refresh(): void {
    if (!this.#asking && performance.now() > this.#askedAt + this.#pause) void this.#ask();
  }

  close(): void {
    this.#closed = true;
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    this.#askedAt = performance.now();
    try {
      const response = await fetch(this.#path);
      const answer = response.ok ? ((await response.json()) as Answer) : await response.text();
      if (this.#closed) return;
      if (typeof answer === 'string') this.#say(answer);
      else this.#show(answer);
    } catch {
      // The connection says so.
    } finally {
      this.#asking = false;
    }
  }
}
