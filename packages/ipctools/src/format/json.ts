/** An object for JSON; its fields keep the order in which they were set. */
export type JsonObject = Record<string, unknown>;

/**
 * A number if it is exact, otherwise (types and limits beyond 2^53) the string of its digits, because JSON readers
 * round.
 */
export function exactNumber(value: number | bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
