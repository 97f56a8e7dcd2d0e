/**
 * Operations that succeed at once end in microtasks, and a program that does nothing else would never let timers and
 * I/O run. So one operation a millisecond waits for the next turn of the event loop.
 */
const MILLISECONDS = 1;
/** Operations between two looks at the clock, which take longer than all else here. */
const OPERATIONS = 16;

let operations = 0;
let turned = 0;

/** True for an operation that has to let the event loop turn first. */
export function mustYield(): boolean {
  operations += 1;
  return operations >= OPERATIONS && isTime();
}

function isTime(): boolean {
  operations = 0;
  const now = performance.now();
  if (now - turned < MILLISECONDS) return false;
  turned = now;
  return true;
}
