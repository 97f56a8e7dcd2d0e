import type { TestContext } from 'node:test';
import { bin, startNode } from '../helpers/node.js';
import type { RunningProcess, StartOptions } from '../helpers/process.js';

/** A time server at a key, which may not listen yet. */
export function startServer(
  t: TestContext,
  key: number,
  serverArguments: readonly string[] = [],
): RunningProcess {
  return startNode(t, [bin('time-server'), '--key', String(key), ...serverArguments]);
}

/** A time server that listens. */
export async function listeningServer(
  t: TestContext,
  key: number,
  serverArguments: readonly string[] = [],
  options?: StartOptions,
): Promise<RunningProcess> {
  const server = startNode(t, [bin('time-server'), '--key', String(key), ...serverArguments], options);
  await server.waitFor(/listening on key/);
  return server;
}
