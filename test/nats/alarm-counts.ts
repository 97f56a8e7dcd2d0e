import assert from 'node:assert/strict';
import { compareServers } from '@timeq/time-client';
import type { NatsConnection } from '@timeq/nats';
import { parseReply, type Reply, type ServerStatus } from '@timeq/time-protocol';
import { ask } from './support.js';

interface Counted {
  readonly pid: number;
  readonly alarms: ServerStatus['alarms'];
}

export function replyIn(body: Uint8Array): Reply {
  const reply = parseReply(body);
  assert.ok(reply !== undefined, Buffer.from(body).toString());
  return reply;
}

/** What each server says of its alarms. */
export async function countsOf(connection: NatsConnection): Promise<Counted[]> {
  const servers = await compareServers(connection, { rounds: 1, patience: 2000 });
  const counts: Counted[] = [];
  for (const { id } of servers) {
    const [answer] = await ask(connection, `timeq.${id}.now`, '{"timeq":1,"id":1,"ask":"status"}');
    assert.ok(answer !== undefined);
    const reply = replyIn(answer.data);
    assert.ok(reply.kind === 'status');
    const { pid, alarms } = reply.status as ServerStatus;
    counts.push({ pid, alarms });
  }
  return counts;
}
