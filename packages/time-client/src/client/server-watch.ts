import { Liveness, type Key } from '@timeq/mq-native';

/** Most answers come sooner than this, and then no thread is needed to watch the server. */
const PATIENCE_MILLISECONDS = 20;

/** Watches a server while a request or an alarm waits, and reports when it is there no more. */
export class ServerWatch {
  readonly #key: Key;
  readonly #died: (pid: number) => void;
  readonly #left: (pid: number) => void;
  /**
   * Stays set when no request waits any more: setting and clearing one per request would cost as much as sending it.
   */
  #timer: NodeJS.Timeout | undefined;
  #stop: AbortController | undefined;
  /** Since when a request waits, by performance.now(); undefined: none does. */
  #since: number | undefined;
  #lastSeen = 0;

  /**
   * @param died is called if the server has died and none has followed it
   * @param left is called before that, and also if another server has followed, which may answer requests but knows
   * nothing of what its predecessor did
   */
  constructor(key: Key, died: (pid: number) => void, left: (pid: number) => void = () => undefined) {
    this.#key = key;
    this.#died = died;
    this.#left = left;
  }

  /**
   * Begins, unless it has begun.
   * @param pid of the server that was last seen alive; 0 if there was none
   * @param now by performance.now()
   */
  start(pid: number, now: number): void {
    if (this.#since !== undefined) return;
    this.#since = now;
    this.#lastSeen = pid;
    this.#timer ??= this.#after(PATIENCE_MILLISECONDS);
  }

  /** No request is waiting any more. */
  stop(): void {
    this.#since = undefined;
    this.#stop?.abort();
    this.#stop = undefined;
  }

  close(): void {
    this.stop();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #after(milliseconds: number): NodeJS.Timeout {
    // The reader of answers keeps the process alive.
    return setTimeout(() => this.#look(), milliseconds).unref();
  }

  #look(): void {
    this.#timer = undefined;
    if (this.#since === undefined || this.#stop !== undefined) return;
    const left = this.#since + PATIENCE_MILLISECONDS - performance.now();
    if (left > 0) this.#timer = this.#after(Math.ceil(left));
    else void this.#watch(this.#lastSeen);
  }

  async #watch(lastSeen: number): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    try {
      let pid = lastSeen;
      let liveness = Liveness.check(this.#key);
      // While another process waits until the semaphore is raised, it looks like no server's.
      if (pid !== 0 && liveness.state === 'foreign') {
        await Liveness.died(this.#key, { signal: stop.signal });
        liveness = Liveness.check(this.#key);
      }
      if (pid !== 0 && liveness.state === 'alive' && liveness.pid !== pid) this.#left(pid);
      // A server that is taken over from is followed by one that keeps the requests: then that one is watched.
      while (liveness.state === 'alive') {
        ({ pid } = liveness);
        await Liveness.died(this.#key, { signal: stop.signal });
        if (stop.signal.aborted) return;
        this.#left(pid);
        liveness = Liveness.check(this.#key);
      }
      if (liveness.state === 'dead' && !stop.signal.aborted) this.#died(pid);
    } catch {
      // Stopped, or the semaphore may not be read: the queue's removal and the timeout remain.
    }
  }
}
