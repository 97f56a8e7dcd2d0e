/** The Fibonacci numbers with the indices from 0 to `last`: one more than `last`. */
export function* fibonacci(last: number): Generator<bigint, void> {
  for (let index = 0, current = 0n, next = 1n; index <= last; index++) {
    yield current;
    [current, next] = [next, current + next];
  }
}
