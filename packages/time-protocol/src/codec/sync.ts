/** How right the machine's clock is, by its kernel. */
export interface ClockSync {
  /** Null if the server can't read it, for the reason in `unreadable`. */
  readonly synchronised: boolean | null;
  /** The kernel's code, such as `EPERM` in a container. */
  readonly unreadable?: string;
  /** Nanoseconds that a synchronised clock is wrong by at most. */
  readonly maxErrorNs?: number;
  /** Nanoseconds that it is probably wrong by; absent if that is not known. */
  readonly estimatedErrorNs?: number;
  /** What happens to the last second of this day in UTC. */
  readonly leapSecond?: 'insert' | 'delete';
  /** Seconds that TAI is ahead of UTC; absent if that is not known. */
  readonly taiOffset?: number;
}

/** Reads it field by field; undefined for anything that does not say whether the clock is synchronised. */
export function parseSync(value: unknown): ClockSync | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { synchronised, unreadable, leapSecond, ...rest } = value as Record<string, unknown>;
  if (synchronised !== null && typeof synchronised !== 'boolean') return undefined;
  const code = typeof unreadable === 'string' && /^E[A-Z0-9]{1,20}$/.test(unreadable);
  const leap = leapSecond === 'insert' || leapSecond === 'delete';
  return {
    synchronised,
    ...(code && { unreadable }),
    ...count('maxErrorNs', rest),
    ...count('estimatedErrorNs', rest),
    ...(leap && { leapSecond }),
    ...count('taiOffset', rest),
  };
}

function count<Name extends string>(
  name: Name,
  fields: Readonly<Record<string, unknown>>,
): { readonly [_ in Name]?: number } {
  const value = fields[name];
  const isCount = Number.isSafeInteger(value) && (value as number) >= 0;
  return isCount ? ({ [name]: value } as { readonly [_ in Name]: number }) : {};
}
