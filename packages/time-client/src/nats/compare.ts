import { wallClock } from '@timeq/mq-native';
import type { NatsConnection, NatsMessage } from '@timeq/nats';
import { FIRST_ADDRESSED_TYPE, parseReply, requestText } from '@timeq/time-protocol';
import { clockOffset, moreExact, type ClockOffset } from '../measure/clock-offset.js';
import type { ServerClock } from '../measure/server-clock.js';
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

/**
 * Finds all servers, and compares their clocks with that of this machine, as NTP does: by four moments.
 *
 * @throws {ClientError} NO_RESPONDERS when there is no server
 * @throws {NatsError} NOT_PERMITTED
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
    let answered = false;
    for (let round = 1; round <= rounds; round++) {
      signal?.throwIfAborted();
      const answer = await offsetOf(inbox, `${subject}.${server.id}.now`, round, patience);
      // One that is gone, or stopped, would be waited for again.
      answered = answer !== undefined;
      if (!answered) break;
      best = moreExact(best, answer?.clock);
    }
    servers.push({
      ...server,
      clock: best,
      ...(best === undefined && { missing: answered ? 'other-pace' : 'no-answer' }),
    });
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
): Promise<{ readonly clock: ClockOffset | undefined } | undefined> {
  let answer: { readonly clock: ClockOffset | undefined } | undefined;
  const body = requestText({ id, replyTo: Number(FIRST_ADDRESSED_TYPE) });
  const asked = wallClock();
  await inbox.ask(subject, body, patience, (message) => {
    const answered = wallClock();
    const reply = parseReply(message.data);
    if (reply?.kind === 'time' && reply.id === id) answer = { clock: clockOffset(asked, reply, answered) };
    return answer !== undefined || isNobody(message);
  });
  return answer;
}
