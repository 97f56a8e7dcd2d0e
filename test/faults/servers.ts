import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { TimeClient } from '@timeq/time-client';
import type { ServerStatus } from '@timeq/time-protocol';
import { hangMilliseconds } from '../helpers/deadline.js';
import { bin, startNode } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';

/** A time server that listens. */
export { startServer as listeningServer } from '../time-server/server.js';

/** A time server at a key, which may not listen yet. */
export function startServer(
  t: TestContext,
  key: number,
  serverArguments: readonly string[] = [],
): RunningProcess {
  return startNode(t, [bin('time-server'), '--key', String(key), ...serverArguments]);
}

/** How the server at a key is doing. */
export async function statusAt(key: number): Promise<ServerStatus> {
  using client = TimeClient.connect(key, { timeout: hangMilliseconds });
  const answer = await client.status();
  assert.ok(answer.dialect === 'addressed');
  // This server leaves nothing out.
  return answer.status as ServerStatus;
}
