import type { Change, Hello } from '@timeq/console/wire';

/** Milliseconds without news, in samples, after which the connection counts as lost. */
const LOST_AFTER = 5;

/** How long to wait before the next try, in milliseconds. */
const PAUSE = 1000;

export type State = 'wait' | 'live' | 'again' | 'asleep' | 'refused';

interface Listener {
  hello(hello: Hello): void;
  change(change: Change): void;
  state(state: State): void;
}

/** The server's events. Connects again by itself; a page that is not visible asks for none, so the server rests. */
export class Connection {
  readonly #listener: Listener;
  #source: EventSource | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #interval = 1000;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** Connects whenever the page is visible. */
  start(): void {
    const follow = (): void => {
      if (document.hidden) this.#sleep();
      else this.#connect('wait');
    };
    document.addEventListener('visibilitychange', follow);
    follow();
  }

  #connect(state: State): void {
    this.#close();
    this.#listener.state(state);
    const source = new EventSource('events');
    this.#source = source;
    source.addEventListener('hello', ({ data }: MessageEvent<string>) => {
      const hello = JSON.parse(data) as Hello;
      this.#interval = hello.interval;
      this.#listener.hello(hello);
    });
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      this.#expectNews();
      this.#listener.change(JSON.parse(data) as Change);
      this.#listener.state('live');
    });
    source.addEventListener('error', () => {
      if (this.#source !== source) return;
      this.#listener.state('again');
      // The browser does not try again after an answer that is not 200.
      if (source.readyState === EventSource.CLOSED) void this.#ask(source);
    });
    this.#expectNews();
  }

  /** A connection may be lost without a sign: a computer that slept, a tunnel that hangs. */
  #expectNews(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(
      () => {
        this.#connect('again');
      },
      Math.max(LOST_AFTER * this.#interval, 10_000),
    );
  }

  async #ask(source: EventSource): Promise<void> {
    const status = await fetch('events', { method: 'HEAD' }).then(
      (response) => response.status,
      () => 0,
    );
    if (this.#source !== source) return;
    if (status === 401) {
      this.#close();
      this.#listener.state('refused');
      return;
    }
    setTimeout(() => {
      if (this.#source === source) this.#connect('again');
    }, PAUSE);
  }

  #sleep(): void {
    this.#close();
    this.#listener.state('asleep');
  }

  #close(): void {
    clearTimeout(this.#watch);
    this.#source?.close();
    this.#source = undefined;
  }
}
