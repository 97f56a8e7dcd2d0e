import { Liveness } from '@timeq/mq-native';
import type { Key } from '@timeq/mq-native';

/** Most answers come sooner than this, and then no thread is needed to watch the server. */
const PATIENCE_MILLISECONDS = 20;

/** Watches a server while somebody waits for it, and says once when it has died. */
export class ServerWatch {
  readonly #key: Key;
  readonly #died: (pid: number) => void;
  #stop: AbortController | undefined;

  constructor(key: Key, died: (pid: number) => void) {
    this.#key = key;
    this.#died = died;
  }

  start(): void {
    if (this.#stop !== undefined) return;
    const stop = new AbortController();
    this.#stop = stop;
    const timer = setTimeout(() => void this.#watch(stop), PATIENCE_MILLISECONDS);
    stop.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = undefined;
  }

  async #watch(stop: AbortController): Promise<void> {
    try {
      let liveness = Liveness.check(this.#key);
      // A server that is taken over from is followed by one that keeps the requests: then there is another to watch.
      let pid = 0;
      while (liveness.state === 'alive') {
        ({ pid } = liveness);
        await Liveness.died(this.#key, { signal: stop.signal });
        liveness = Liveness.check(this.#key);
      }
      if (liveness.state === 'dead' && this.#stop === stop) this.#died(pid);
    } catch {
      // Stopped, or the mark may not be read: the queue's removal and the timeout remain.
    }
  }
}
