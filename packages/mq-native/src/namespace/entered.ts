/** The process's own namespace. */
const AT_HOME = 0;

let visits = 0;
let current = AT_HOME;

/**
 * Which visit to another IPC namespace this thread is on; 0: none. A handle remembers the visit on which it was opened:
 * its id means another object in any other namespace, and in a later visit too, since a namespace's number can be
 * reused.
 */
export function currentVisit(): number {
  return current;
}

/** Whether this thread is in another IPC namespace, where only calls that look, set and remove work. */
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
