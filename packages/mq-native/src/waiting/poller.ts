import { native } from '../native.js';

/** Something that is tried once in every turn of the event loop. */
export interface Polled {
  /** @returns false when it need not be tried any more */
  poll(now: number): boolean;
  /** Whether the event loop has to stay alive for it. */
  readonly keepsAlive: boolean;
}

const polled = new Set<Polled>();
let immediate: NodeJS.Immediate | undefined;

function schedule(): void {
  immediate ??= setImmediate(turn);
  for (const each of polled) {
    if (each.keepsAlive) {
      immediate.ref();
      return;
    }
  }
  immediate.unref();
}

function turn(): void {
  immediate = undefined;
  const now = performance.now();
  for (const each of polled) {
    if (!each.poll(now)) polled.delete(each);
  }
  if (polled.size === 0) return;
  // Whoever is to send the next message may be waiting for this very CPU.
  native.yieldCpu();
  schedule();
}

/** Tries it from the next turn of the event loop on. */
export function startPolling(each: Polled): void {
  polled.add(each);
  schedule();
}

/** To be called also when `keepsAlive` changed. */
export function stopPolling(each: Polled): void {
  polled.delete(each);
}

export function pollingChanged(): void {
  if (polled.size > 0) schedule();
}
