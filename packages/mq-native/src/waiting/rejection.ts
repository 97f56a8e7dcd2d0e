const settled = Promise.resolve();
const told = new WeakSet<Error>();

function nothing(): void {
  // Takes a turn of its own.
}

/** One error can end many waits, and each gets its own stack. */
function ofThisWait(error: Error): Error {
  if (!told.has(error)) return error;
  const copy = new Error(error.message, error.cause === undefined ? undefined : { cause: error.cause });
  Object.setPrototypeOf(copy, Object.getPrototypeOf(error) as object);
  return Object.assign(copy, error);
}

/**
 * A promise that is rejected with the error only after the promise that is resolved with it waits for it. V8 then finds
 * its awaiter, and the error's stack names the caller's line in place of the timer or the thread that ended the wait. A
 * wait that succeeds pays nothing for it.
 */
export function rejection(reason: unknown): Promise<never> {
  return settled.then(nothing).then(function reject() {
    if (!(reason instanceof Error)) throw reason;
    const own = ofThisWait(reason);
    told.add(own);
    Error.captureStackTrace(own, reject);
    throw own;
  });
}
