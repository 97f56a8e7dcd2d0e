import type { ReplyClock } from '@timeq/time-protocol';

/** How far the clock of a server is from that of this machine. */
export interface ClockOffset {
  /** Nanoseconds that its clock is ahead of this machine's; it may be wrong by half of the delay. */
  readonly offsetNs: bigint;
  /** Nanoseconds that request and answer were on their way. */
  readonly delayNs: bigint;
  /** The server's clock, if it says that it is not its machine's. */
  readonly name?: string;
}

/** What a server says of its moments, by its own clock. */
interface Answer {
  readonly received: bigint;
  readonly sent: bigint;
  readonly clock?: ReplyClock | undefined;
}

/**
 * The offset by the four moments of a request, as NTP has it.
 * @param asked, answered by the clock of this machine
 * @returns undefined if more time passed on the server's clock than on this one: then it goes faster
 */
export function clockOffset(
  asked: bigint,
  { received, sent, clock }: Answer,
  answered: bigint,
): ClockOffset | undefined {
  const delayNs = answered - asked - (sent - received);
  if (delayNs < 0n) return undefined;
  const offsetNs = (received - asked + (sent - answered)) / 2n;
  return { offsetNs, delayNs, ...(clock && { name: clock.name }) };
}

/** The one that says more: of the shorter delay. */
export function moreExact(
  one: ClockOffset | undefined,
  other: ClockOffset | undefined,
): ClockOffset | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.delayNs < one.delayNs ? other : one;
}
