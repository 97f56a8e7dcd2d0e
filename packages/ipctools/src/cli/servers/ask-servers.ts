import type { QueueEntry } from '@timeq/mq-native';
import type { ObjectSample } from '../../metrics/object-sampler.js';
import type { ServerReport } from '../check/server.js';
import { leavesRequestsUnread } from './unread-requests.js';

/** How many servers are asked at once: each request is a message, and any user can hold semaphores. */
const MOST_SERVERS = 64;

/** A queue with a server that is alive or died, and what the server reports. */
export interface FoundServer {
  readonly entry: QueueEntry;
  readonly report: ServerReport;
}

/** Asks the time servers that hold a liveness semaphore, up to 64. @param timeout milliseconds */
export async function askServers(
  { served, now }: Pick<ObjectSample, 'served' | 'now'>,
  timeout: number,
): Promise<FoundServer[]> {
  return await Promise.all(
    served.slice(0, MOST_SERVERS).map(async ({ entry, semaphore }): Promise<FoundServer> => {
      if (semaphore.state !== 'held' || leavesRequestsUnread(entry, now, timeout)) {
        return { entry, report: { answered: false } };
      }
      const { askServer } = await import('../check/server.js');
      return { entry, report: await askServer(entry.key, timeout) };
    }),
  );
}
