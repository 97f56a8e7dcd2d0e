import assert from 'node:assert/strict';
import { TimeClient } from '@timeq/time-client';
import type { ServerStatus } from '@timeq/time-protocol';
import { hangMilliseconds, until } from '../helpers/deadline.js';

/** The alarms of the server at a key. */
export async function alarmsAt(key: number): Promise<ServerStatus['alarms']> {
  using client = TimeClient.connect(key, { timeout: hangMilliseconds });
  const answer = await client.status();
  assert.ok(answer.dialect === 'addressed' && answer.status.alarms !== undefined);
  return answer.status.alarms;
}

export async function untilPending(key: number, count: number): Promise<void> {
  await until(async () => (await alarmsAt(key)).pending === count, `${count} pending alarms`);
}
