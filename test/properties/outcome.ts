import type { RunDetails } from 'fast-check';

/**
 * How many cases a usual test tries: enough to find each of the mistakes that mistakes.test.ts makes. With 20 seeds the
 * one that is hardest to find took 151 in the middle and 803 at most.
 */
export const USUAL_RUNS = 2000;

type Details = Pick<RunDetails<unknown>, 'failed' | 'seed' | 'numRuns' | 'numShrinks' | 'errorInstance'>;

/** Why a property does not hold, in the words of the smallest case that was found; undefined if it holds. */
export function failure(details: Details): string | undefined {
  if (!details.failed) return undefined;
  const { seed, numRuns, numShrinks, errorInstance } = details;
  const what =
    errorInstance instanceof Error ? errorInstance.message : `it was interrupted (${String(errorInstance)})`;
  return `run ${numRuns} with seed ${seed} (TIMEQ_SEED) differs, made smaller ${numShrinks} times:\n${what}`;
}
