import { randomInt } from 'node:crypto';
import type { TimeServer } from './time-servers.js';

/** Measures a server that it starts before and stops afterwards. */
export async function withServer<Result>(
  server: TimeServer,
  measure: (key: number, pid: number) => Promise<Result>,
): Promise<Result> {
  const key = randomInt(1, 0x7fff_ffff);
  const stop = await server.start(key);
  try {
    return await measure(key, stop.pid);
  } finally {
    await stop();
  }
}
