import { readMqueueLimit } from '../../../posix/limits.js';
import type { Output } from '../output.js';
import { listNamed } from '../posix-places.js';
import { Failure } from '../program.js';
import type { Limit } from './limit.js';

/** The limits of POSIX queues; none where the kernel has no such queues. */
export function posixLimits(output: Output): Limit[] {
  const limit = readMqueueLimit('queues_max');
  if (limit === undefined) return [];
  const used = countQueues(output);
  return [
    {
      name: 'MQUMNI',
      description: 'Number of POSIX message queues',
      limit,
      ...(used !== undefined && { used }),
    },
    {
      name: 'MQUMAX',
      description: 'Max size of POSIX message (bytes)',
      limit: readMqueueLimit('msgsize_max') ?? 0,
      size: true,
    },
    {
      name: 'MQUMNB',
      description: 'Number of messages in POSIX message queue',
      limit: readMqueueLimit('msg_max') ?? 0,
    },
  ];
}

/** undefined, and a warning, if there may be queues that no mount shows. */
function countQueues(output: Output): number | undefined {
  try {
    return listNamed('posix queue').length;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    output.warn(error.message);
    return undefined;
  }
}
