let entered = false;

/** Whether this thread looks into another IPC namespace: only what looks, sets and removes crosses over there. */
export function isElsewhere(): boolean {
  return entered;
}

export function setElsewhere(elsewhere: boolean): void {
  entered = elsewhere;
}
