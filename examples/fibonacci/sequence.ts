/** The first `count` Fibonacci numbers, from 0 on. */
export function* fibonacci(count: number): Generator<bigint, void> {
  for (let index = 0, current = 0n, next = 1n; index < count; index++) {
    yield current;
    [current, next] = [next, current + next];
  }
}
