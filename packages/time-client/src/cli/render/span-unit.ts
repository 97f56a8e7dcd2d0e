/** A unit for durations that are given in nanoseconds. */
interface SpanUnit {
  readonly name: string;
  readonly nanoseconds: number;
}

/** The unit in which a duration has one to three digits before the point. */
export function spanUnit(ns: number, unicode: boolean): SpanUnit {
  if (ns < 1e3) return { name: 'ns', nanoseconds: 1 };
  if (ns < 1e6) return { name: unicode ? 'µs' : 'us', nanoseconds: 1e3 };
  if (ns < 1e9) return { name: 'ms', nanoseconds: 1e6 };
  return { name: 's', nanoseconds: 1e9 };
}

/** A duration with its unit, in three digits: `48.2 µs`. */
export function spanText(ns: number, unicode: boolean): string {
  const { name, nanoseconds } = spanUnit(ns, unicode);
  const value = ns / nanoseconds;
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${name}`;
}
