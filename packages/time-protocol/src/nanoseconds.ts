/** Nanoseconds in a second. */
export const NANOSECONDS_PER_SECOND = 1_000_000_000n;

const DECIMAL = /^-?(?:0|[1-9][0-9]{0,18})$/;

/**
 * Reads nanoseconds as the protocol writes them: a decimal string, since a double keeps only about 100 ns of today.
 * Undefined when it is anything else.
 */
export function parseNanoseconds(text: unknown): bigint | undefined {
  return typeof text === 'string' && DECIMAL.test(text) ? BigInt(text) : undefined;
}

/** The milliseconds since the epoch that a `Date` takes, rounded down. */
export function toMilliseconds(nanoseconds: bigint): number {
  return Number(floorDivide(nanoseconds, 1_000_000n));
}

/** The whole second that a moment lies in, also before 1970. */
export function toSeconds(nanoseconds: bigint): bigint {
  return floorDivide(nanoseconds, NANOSECONDS_PER_SECOND);
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}
