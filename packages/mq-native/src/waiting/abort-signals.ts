const watched = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `listener` when the signal is aborted. All waits with one signal share one event listener: Node warns of more
 * than ten.
 * @returns removes the listener; the last removal removes the event listener, or a signal made by AbortSignal.any would stay
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  let listeners = watched.get(signal);
  if (listeners === undefined) {
    listeners = new Set();
    watched.set(signal, listeners);
    signal.addEventListener('abort', tellAll);
  }
  listeners.add(listener);
  return () => {
    forget(signal, listener);
  };
}

function forget(signal: AbortSignal, listener: () => void): void {
  const listeners = watched.get(signal);
  if (listeners?.delete(listener) !== true || listeners.size > 0) return;
  watched.delete(signal);
  signal.removeEventListener('abort', tellAll);
}

function tellAll(this: AbortSignal): void {
  for (const listener of watched.get(this) ?? []) listener();
}
