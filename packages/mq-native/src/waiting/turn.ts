/**
 * Operations that succeed at once end in microtasks, and a program that does nothing else would never let timers and
 * I/O run. So one operation in 128 waits for the next turn of the event loop.
 */
const OPERATIONS_PER_TURN = 128;

let operations = 0;

/** True for every 128th operation, which has to let the event loop turn first. */
export function mustYield(): boolean {
  operations += 1;
  if (operations < OPERATIONS_PER_TURN) return false;
  operations = 0;
  return true;
}
