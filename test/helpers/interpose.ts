import type { TestContext } from 'node:test';

/** An intercepted call of a method. */
export interface Call {
  readonly self: unknown;
  readonly words: readonly unknown[];
  /** Makes the original call. */
  readonly go: () => unknown;
}

/**
 * Intercepts calls of a method with `around` until the test ends. A race with another process then has the same outcome
 * every time.
 * @param times how many calls to intercept
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
