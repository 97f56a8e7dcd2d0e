/**
 * Calls again after an EINTR, as a program does that handles signals. From Node 24 on the test runner is such a program,
 * and io_uring, which its libuv uses, interrupts blocking calls at any time.
 */
export function uninterrupted<Result>(call: () => Result): Result {
  for (;;) {
    try {
      return call();
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'EINTR') throw error;
    }
  }
}
