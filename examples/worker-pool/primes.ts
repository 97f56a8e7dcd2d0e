/** How many primes there are below a number, by the sieve of Eratosthenes: work that keeps a processor busy. */
export function countPrimes(below: number): number {
  const composite = new Uint8Array(below);
  let count = 0;
  for (let candidate = 2; candidate < below; candidate++) {
    if (composite[candidate] === 1) continue;
    count += 1;
    for (let multiple = candidate * candidate; multiple < below; multiple += candidate)
      composite[multiple] = 1;
  }
  return count;
}
