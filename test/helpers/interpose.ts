import type { TestContext } from 'node:test';

/** A call of a method that a test stands in front of. */
export interface Call {
  readonly self: unknown;
  readonly words: readonly unknown[];
  /** Makes the call. */
  readonly go: () => unknown;
}

/**
 * Puts `around` in front of a method until the test is over: a race with another process that comes out the same way each
 * time.
 * @param times for so many calls
 */
export function interpose(
  t: TestContext,
  prototype: object,
  name: string,
  around: (call: Call) => unknown,
  times = Infinity,
): void {
  const method = Reflect.get(prototype, name) as (...words: unknown[]) => unknown;
  t.mock.method(
    prototype as Record<string, (...words: unknown[]) => unknown>,
    name,
    function interposed(this: unknown, ...words: unknown[]) {
      return around({ self: this, words, go: () => Reflect.apply(method, this, words) });
    },
    { times },
  );
}
