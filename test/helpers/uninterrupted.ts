/**
 * Retries a call after EINTR, as a program with signal handlers does. From Node 24 on, the test runner has handlers,
 * and io_uring, which its libuv uses, can interrupt any blocking call.
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
