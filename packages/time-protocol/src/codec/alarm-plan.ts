import { failure, type Failure } from './failure.js';
import { parseNanoseconds } from '../nanoseconds.js';

/** The shortest time between two turns of an alarm, in nanoseconds. */
export const SHORTEST_PERIOD = 1_000_000n;

/** When an alarm rings, in nanoseconds: once, or again and again. */
export type AlarmPlan =
  /** Since the epoch, by the server's clock. */
  | { readonly at: bigint; readonly every?: undefined }
  | {
      readonly at?: undefined;
      /** From one turn to the next. */
      readonly every: bigint;
      /** The moment of the first turn; otherwise it comes one period after the server has taken the request. */
      readonly from?: bigint | undefined;
      /** How many turns; otherwise until it is cancelled. */
      readonly count?: number | undefined;
    };

type Fields = Readonly<Record<string, unknown>>;

/** Reads the plan in a request's fields. */
export function readPlan({ at, every, from, count }: Fields): AlarmPlan | Failure {
  if ((at === undefined) === (every === undefined)) {
    return wrong('an alarm needs either "at" or "every"');
  }
  if (at !== undefined) {
    const moment = parseNanoseconds(at);
    return moment === undefined ? notDecimal('at') : { at: moment };
  }
  const period = parseNanoseconds(every);
  const first = from === undefined ? undefined : parseNanoseconds(from);
  if (period === undefined) return notDecimal('every');
  if (from !== undefined && first === undefined) return notDecimal('from');
  if (period < SHORTEST_PERIOD) return wrong(`"every" must be ${SHORTEST_PERIOD} (a millisecond) or more`);
  if (count !== undefined && !(Number.isSafeInteger(count) && (count as number) > 0)) {
    return wrong('"count" must be a whole number from 1 up');
  }
  return {
    every: period,
    ...(first !== undefined && { from: first }),
    ...(count !== undefined && { count: count as number }),
  };
}

/** The fields of a plan in a request, after a comma. */
export function planText(plan: AlarmPlan): string {
  if (plan.at !== undefined) return `,"at":"${plan.at}"`;
  const from = plan.from === undefined ? '' : `,"from":"${plan.from}"`;
  const count = plan.count === undefined ? '' : `,"count":${plan.count}`;
  return `,"every":"${plan.every}"${from}${count}`;
}

function notDecimal(name: string): Failure {
  return wrong(`"${name}" must be nanoseconds in a string of decimals, such as "1795165740000000000"`);
}

function wrong(message: string): Failure {
  return failure('BAD_ALARM', message);
}
