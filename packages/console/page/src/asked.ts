import type { Panel } from './panel.js';

/** What a panel shows, asked of the server again and again while it is open. */
export class Asked<Answer extends object> {
  readonly #path: string;
  readonly #pause: number;
  readonly #show: (answer: Answer) => void | Promise<void>;
  readonly #panel: Panel;
  #asking = false;
  #askedAt = -Infinity;
  #closed = false;

  /** @param pause how many milliseconds pass between two requests at least */
  constructor(panel: Panel, path: string, pause: number, show: (answer: Answer) => void | Promise<void>) {
    this.#panel = panel;
    this.#path = path;
    this.#pause = pause;
    this.#show = show;
    this.refresh();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** @param atOnce whether it need not wait for the pause to end */
  refresh(atOnce = false): void {
    const isDue = atOnce || performance.now() > this.#askedAt + this.#pause;
    if (isDue && !this.#asking) void this.#ask();
  }

  close(): void {
    this.#closed = true;
    this.#panel.close();
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    this.#askedAt = performance.now();
    try {
      const response = await fetch(this.#path);
      const answer = response.ok ? ((await response.json()) as Answer) : await response.text();
      if (this.#closed) return;
      if (typeof answer === 'string') this.#panel.say(answer);
      else await this.#show(answer);
    } catch {
      // The connection says so.
    } finally {
      this.#asking = false;
    }
  }
}
