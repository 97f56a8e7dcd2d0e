/** One of several parts of the work, counted from 1. */
export interface Part {
  readonly number: number;
  readonly of: number;
}

const PART = /^(\d{1,4})\/(\d{1,4})$/;

/** Parses `3/10`. Undefined if it is not a part. */
export function parsePart(text: string): Part | undefined {
  const match = PART.exec(text);
  const [number, of] = [Number(match?.[1]), Number(match?.[2])];
  return number >= 1 && number <= of ? { number, of } : undefined;
}

/** The part's slice of a list: neighbours need the same tests. All parts together have each element once. */
export function takePart<T>(things: readonly T[], { number, of }: Part): T[] {
  const start = Math.round((things.length * (number - 1)) / of);
  return things.slice(start, Math.round((things.length * number) / of));
}
