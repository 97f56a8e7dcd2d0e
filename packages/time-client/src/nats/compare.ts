import { wallClock } from '@timeq/mq-native';
import type { NatsConnection, NatsMessage } from '@timeq/nats';
import { FIRST_ADDRESSED_TYPE, parseReply, requestText } from '@timeq/time-protocol';
import { noResponders } from './nats-exchange.js';
import { SingleInbox } from './single-inbox.js';

export interface CompareOptions {
  /** What the servers listen to; `timeq`. */
  readonly subject?: string | undefined;
  /** What subjects of answers begin with, where permissions ask for it; `_INBOX`. */
  readonly inboxPrefix?: string | undefined;
  /** How often each server is asked; 8. The answer that took the shortest counts. */
  readonly rounds?: number | undefined;
  /** Milliseconds that an answer is waited for; 500. */
  readonly patience?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How far the clock of a server is from that of this machine. */
export interface ServerClock {
  /** Of the server, as `nats micro` shows it. */
  readonly id: string;
  readonly host: string | undefined;
  readonly pid: number | undefined;
  readonly version: string | undefined;
  /** Undefined: it did not answer. */
  readonly clock: ClockOffset | undefined;
}

export interface ClockOffset {
  /** Nanoseconds that its clock is ahead of this machine's; it may be wrong by half of the delay. */
  readonly offsetNs: bigint;
  /** Nanoseconds that request and answer were on their way. */
  readonly delayNs: bigint;
}

/**
 * Finds all servers, and compares their clocks with that of this machine, as NTP does: by four moments.
 *
 * @throws {ClientError} NO_RESPONDERS when there is no server
 * @throws {NatsError} FORBIDDEN
 */
export async function compareServers(
  connection: NatsConnection,
  options: CompareOptions = {},
): Promise<ServerClock[]> {
  const { subject = 'timeq', inboxPrefix = '_INBOX', rounds = 8, patience = 500, signal } = options;
  using inbox = new SingleInbox(connection, inboxPrefix);
  const found = new Map<string, Omit<ServerClock, 'clock'>>();
  await inbox.ask('$SRV.PING.timeq', '', patience, (message) => {
    const server = readPing(message, subject);
    if (server !== undefined) found.set(server.id, server);
    return isNobody(message);
  });
  if (found.size === 0) throw noResponders(`${subject}.now`, connection);
  const servers: ServerClock[] = [];
  for (const server of [...found.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    let best: ClockOffset | undefined;
    for (let round = 1; round <= rounds; round++) {
      signal?.throwIfAborted();
      const clock = await offsetOf(inbox, `${subject}.${server.id}.now`, round, patience);
      // One that is gone, or stopped, would be waited for again.
      if (clock === undefined) break;
      if (best === undefined || clock.delayNs < best.delayNs) best = clock;
    }
    servers.push({ ...server, clock: best });
  }
  return servers;
}

function isNobody({ headers, data }: NatsMessage): boolean {
  return headers?.code === 503 && data.length === 0;
}

/** A server of this subject. Any program can answer a ping, with anything. */
function readPing({ data }: NatsMessage, subject: string): Omit<ServerClock, 'clock'> | undefined {
  try {
    const { id, version, metadata } = JSON.parse(Buffer.from(data).toString()) as Record<string, unknown>;
    const { host, pid, subject: its } = (metadata ?? {}) as Record<string, unknown>;
    if (typeof id !== 'string' || !/^[\w-]{1,64}$/.test(id) || its !== subject) return undefined;
    return {
      id,
      host: typeof host === 'string' ? host.slice(0, 255) : undefined,
      pid: typeof pid === 'string' && /^\d{1,10}$/.test(pid) ? Number(pid) : undefined,
      version: typeof version === 'string' ? version.slice(0, 64) : undefined,
    };
  } catch {
    return undefined;
  }
}

async function offsetOf(
  inbox: SingleInbox,
  subject: string,
  id: number,
  patience: number,
): Promise<ClockOffset | undefined> {
  let offset: ClockOffset | undefined;
  const body = requestText({ id, replyTo: Number(FIRST_ADDRESSED_TYPE) });
  const asked = wallClock();
  await inbox.ask(subject, body, patience, (message) => {
    const answered = wallClock();
    const reply = parseReply(message.data);
    if (reply?.kind === 'time' && reply.id === id) {
      const { received, sent } = reply;
      offset = {
        offsetNs: (received - asked + (sent - answered)) / 2n,
        delayNs: answered - asked - (sent - received),
      };
    }
    return offset !== undefined || isNobody(message);
  });
  return offset;
}
