import type { QueueEntry } from '@timeq/mq-native';

/** How many messages went in, or came out, between two samples. */
export interface Flow {
  /** Messages a second. */
  readonly perSecond: number;
  /** If not, it is a lower bound: there may have been more. */
  readonly exact: boolean;
}

export interface Flows {
  readonly in: Flow;
  readonly out: Flow;
}

/** The kernel takes its time stamps from a clock that lags by up to a tick (10 ms at 100 Hz). */
const LAG_SECONDS = 0.05;

/** The findings for one direction. */
interface Direction {
  readonly moved: boolean;
  /** Certain that no message moved. */
  readonly quiet: boolean;
}

function direction(timeBefore: number, timeAfter: number, samePid: boolean, sampledAt: number): Direction {
  const moved = timeBefore !== timeAfter || !samePid;
  return { moved, quiet: !moved && timeAfter < Math.floor(sampledAt - LAG_SECONDS) };
}

/**
 * How many messages went in and out between two samples of a queue. The kernel keeps no totals, only the present number
 * of messages, and the second and the process of the last send and receive. So:
 * - in minus out is the change of depth;
 * - if the time of the last send (or receive) lies before the first sample, nothing went in (or came out), and both
 *   numbers are exact;
 * - otherwise both are lower bounds: the least that explains the change of depth and of the times and processes.
 * @param beforeAt when the first sample was taken, in seconds since the epoch
 * @param seconds between the samples
 */
export function flowsBetween(
  before: QueueEntry,
  after: QueueEntry,
  beforeAt: number,
  seconds: number,
): Flows {
  const change = after.messages - before.messages;
  const samePid = (field: 'lastSendPid' | 'lastReceivePid'): boolean => before[field] === after[field];
  const sends = direction(before.sendTime, after.sendTime, samePid('lastSendPid'), beforeAt);
  const receives = direction(before.receiveTime, after.receiveTime, samePid('lastReceivePid'), beforeAt);
  const leastOut = Math.max(-change, receives.moved ? 1 : 0, 0);
  const leastIn = Math.max(change + leastOut, sends.moved ? 1 : 0);
  const exact = (sends.quiet && change <= 0) || (receives.quiet && change >= 0);
  const flow = (messages: number): Flow => ({ perSecond: messages / seconds, exact });
  return { in: flow(leastIn), out: flow(leastIn - change) };
}

/** `12`, or `12+` for a lower bound. */
export function formatFlow({ perSecond, exact }: Flow): string {
  const digits = perSecond > 0 && perSecond < 10 && !Number.isInteger(perSecond) ? 1 : 0;
  return `${perSecond.toFixed(digits)}${exact ? '' : '+'}`;
}
