/** Who is to be told when a signal is aborted. */
const watched = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `listener` when the signal is aborted. However many wait with one signal, it has one event listener for all of
 * them: Node warns of more than ten.
 * @returns takes it back; with the last one the event listener goes, or a signal made by AbortSignal.any would stay
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
