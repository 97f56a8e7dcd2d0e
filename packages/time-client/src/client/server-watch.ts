import { Liveness } from '@timeq/mq-native';
import type { Key } from '@timeq/mq-native';

/** Most answers come sooner than this, and then no thread is needed to watch the server. */
const PATIENCE_MILLISECONDS = 20;

/** Watches a server while somebody waits for it, and says once when it has died. */
export class ServerWatch {
  readonly #key: Key;
  readonly #died: (pid: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #stop: AbortController | undefined;

  constructor(key: Key, died: (pid: number) => void) {
    this.#key = key;
    this.#died = died;
  }

  /** Begins, unless it has begun. `pid` is that of the server that was last seen alive; 0 when none was. */
  start(pid: number): void {
    this.#timer ??= setTimeout(() => void this.#watch(pid), PATIENCE_MILLISECONDS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stop?.abort();
    this.#stop = undefined;
  }

  async #watch(lastSeen: number): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    try {
      let pid = lastSeen;
      let liveness = Liveness.check(this.#key);
      // A server that is taken over from is followed by one that keeps the requests: then there is another to watch.
      while (liveness.state === 'alive') {
        ({ pid } = liveness);
        await Liveness.died(this.#key, { signal: stop.signal });
        liveness = Liveness.check(this.#key);
      }
      if (liveness.state === 'dead' && !stop.signal.aborted) this.#died(pid);
    } catch {
      // Stopped, or the mark may not be read: the queue's removal and the timeout remain.
    }
  }
}
