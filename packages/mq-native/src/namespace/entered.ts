/** The process's own namespace. */
const AT_HOME = 0;

let visits = 0;
let current = AT_HOME;

/**
 * Which visit to another IPC namespace this thread is on; 0: on none. A handle remembers in which one it was opened, for
 * its id means another object anywhere else, and also in a later visit: a namespace's number can be given out again.
 */
export function currentVisit(): number {
  return current;
}

/** Whether this thread looks into another IPC namespace: only what looks, sets and removes crosses over there. */
export function isElsewhere(): boolean {
  return current !== AT_HOME;
}

export function beginVisit(): void {
  visits += 1;
  current = visits;
}

export function endVisit(): void {
  current = AT_HOME;
}
