import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { TimeClient } from '@timeq/time-client';
import type { ServerStatus } from '@timeq/time-protocol';
import { hangMilliseconds } from '../helpers/deadline.js';
import { bin, startNode } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';

/** A listening time server. */
export { startServer as listeningServer } from '../time-server/server.js';

/** A time server that may not listen yet. */
export function startServer(
  t: TestContext,
  key: number,
  serverArguments: readonly string[] = [],
): RunningProcess {
  return startNode(t, [bin('time-server'), '--key', String(key), ...serverArguments]);
}

/** The status of the server at a key. */
export async function statusAt(key: number): Promise<ServerStatus> {
  using client = TimeClient.connect(key, { timeout: hangMilliseconds });
  const answer = await client.status();
  assert.ok(answer.dialect === 'addressed');
  // This server reports every field.
  return answer.status as ServerStatus;
}
