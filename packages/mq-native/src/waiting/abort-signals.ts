/** Who is to be told when a signal is aborted. */
const watched = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `listener` when the signal is aborted. However many wait with one signal, it has one event listener for all of
 * them, which stays: Node warns of more than ten, and to add and remove one costs more than a wait.
 * @returns takes it back
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  let listeners = watched.get(signal);
  if (listeners === undefined) {
    listeners = new Set();
    watched.set(signal, listeners);
    signal.addEventListener('abort', tellAll, { once: true });
  }
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tellAll(this: AbortSignal): void {
  for (const listener of watched.get(this) ?? []) listener();
}
