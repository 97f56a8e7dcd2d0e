/** The status of a server. Moments and durations are nanoseconds in decimal, because a double can't hold them. */
export interface ServerStatus {
  readonly pid: number;
  /** The version of the server's package. */
  readonly version: string;
  /** Nanoseconds since the epoch. */
  readonly startedAt: string;
  /** Nanoseconds, by a monotonic clock. */
  readonly uptimeNs: string;
  /** How many requests were answered since the start. */
  readonly served: {
    /** Requests answered at type 3, or at a type that follows from the client's pid. */
    readonly classic: number;
    /** Requests answered with the time, at a type of their client's own. */
    readonly addressed: number;
    /** Status requests, this one included. */
    readonly status: number;
    /** Requests answered with an error. */
    readonly refused: number;
  };
  /** Replies that reached no client. */
  readonly lost: {
    /** Replies that were taken back unread. */
    readonly unread: number;
    /** Replies that were never sent: the queue had no room until their deadline. */
    readonly unsent: number;
  };
  /** Alarms of clients. */
  readonly alarms: {
    /** Alarms that have yet to ring. */
    readonly pending: number;
    /** Messages of alarms that were sent, or wait for room in the queue. */
    readonly rung: number;
    /** How many of them came more than 10 ms after their moment. */
    readonly late: number;
    /** Messages that were not read or found no room, and turns and alarms that ended without one. */
    readonly dropped: number;
  };
  /** Replies that wait for room in the queue right now. */
  readonly waiting: number;
  /**
   * How classic requests are answered: at type 3, at the pid in their body, at that plus 3, or where each client waits.
   */
  readonly reply: 'auto' | 'shared' | 'pid' | 'pid+3';
  /** The effect of a stop message. */
  readonly onStop: 'exit' | 'ignore';
  /** The server's queue; null for a server without one. */
  readonly queue: QueueStatus | null;
}

/** A message queue, as its server sees it. */
export interface QueueStatus {
  readonly id: number;
  /** Unsigned. */
  readonly key: number;
  /** Permission bits in octal, such as `0600`. */
  readonly mode: string;
  /** Messages in the queue. */
  readonly messages: number;
  /** Bytes of the bodies in the queue. */
  readonly bytes: number;
  /** Its limit, in bytes of bodies and also in messages. */
  readonly maxBytes: number;
}

/** A status as a client reads it: an older server leaves fields out, and any program can send anything. */
export type ReportedStatus = Partial<ServerStatus>;

/** The longest text of a status, such as a version. */
const LONGEST_TEXT = 64;

/** Reads a status field by field; undefined for a value that is not an object. */
export function parseStatus(value: unknown): ReportedStatus | undefined {
  const fields = asObject(value);
  if (fields === undefined) return undefined;
  const { version } = fields;
  const queue = fields['queue'] === null ? null : parseQueue(fields['queue']);
  const served = counts(fields['served'], ['classic', 'addressed', 'status', 'refused']);
  const lost = counts(fields['lost'], ['unread', 'unsent']);
  return withoutUndefined({
    pid: asCount(fields['pid']),
    version: typeof version === 'string' && version.length <= LONGEST_TEXT ? version : undefined,
    startedAt: asDigits(fields['startedAt']),
    uptimeNs: asDigits(fields['uptimeNs']),
    served,
    lost,
    alarms: counts(fields['alarms'], ['pending', 'rung', 'late', 'dropped']),
    waiting: asCount(fields['waiting']),
    reply: oneOf(fields['reply'], ['auto', 'shared', 'pid', 'pid+3']),
    onStop: oneOf(fields['onStop'], ['exit', 'ignore']),
    queue,
  });
}

function parseQueue(value: unknown): QueueStatus | undefined {
  const numbers = counts(value, ['id', 'key', 'messages', 'bytes', 'maxBytes']);
  const mode = asObject(value)?.['mode'];
  if (numbers === undefined || typeof mode !== 'string' || !/^0[0-7]{3}$/.test(mode)) return undefined;
  return { ...numbers, mode };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** All of these fields, or nothing: each a whole number from 0. */
function counts<Name extends string>(
  value: unknown,
  names: readonly Name[],
): Record<Name, number> | undefined {
  const fields = asObject(value);
  const entries = names.map((name) => [name, asCount(fields?.[name])] as const);
  if (entries.some(([, count]) => count === undefined)) return undefined;
  return Object.fromEntries(entries) as Record<Name, number>;
}

function asCount(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

function asDigits(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{1,30}$/.test(value) ? value : undefined;
}

function oneOf<Word extends string>(value: unknown, words: readonly Word[]): Word | undefined {
  return words.find((word) => word === value);
}

function withoutUndefined(fields: {
  [Name in keyof ServerStatus]: ServerStatus[Name] | undefined;
}): ReportedStatus {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as ReportedStatus;
}
