import type { ClientError } from '../client/client-error.js';
import type { ClockOffset } from './clock-offset.js';

/** A server, and how far its clock is from that of this machine. */
export interface ServerClock {
  /** The key of its queue, or over NATS its id, as `nats micro` shows it. */
  readonly id: string;
  readonly host: string | undefined;
  readonly pid: number | undefined;
  readonly version: string | undefined;
  /** Undefined if it is not known, for the reason in `missing`. */
  readonly clock: ClockOffset | undefined;
  /** It did not answer; it is a classic server, which tells whole seconds; or its clock goes faster than this one. */
  readonly missing?: 'no-answer' | 'classic' | 'other-pace';
  /** Why it did not answer. */
  readonly error?: ClientError;
}
