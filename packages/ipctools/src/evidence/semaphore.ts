import type { LivenessState, Processes, QueueEntry } from '@timeq/mq-native';
import type { SemaphoreEvidence } from './evidence.js';

/**
 * Whether somebody other than a server that has died may have received since. Clocks prove nothing, since they can be
 * set. What does: the kernel names a receiver by its process, unless it handed the message over to a blocked thread, and
 * then in the same moment it names the sender. So if the server was the last to send, a receiver of which nothing
 * has the number any more either got that message or was a process that is dead.
 */
function mayBeUsedSince(queue: QueueEntry, server: number, loweredAt: number, processes: Processes): boolean {
  const { state } = processes.lastReceiver(queue);
  if (state === 'never' || queue.lastReceivePid === server) return false;
  const sentLast = queue.lastSendPid === server && queue.sendTime <= loweredAt;
  return !(sentLast && state === 'ended');
}

/** What the judgement of the semaphore at a queue's key, which the server and the client share, means for the queue. */
export function semaphoreEvidence(
  liveness: LivenessState,
  queue: QueueEntry,
  processes: Processes,
): SemaphoreEvidence {
  if (liveness.state === 'alive') return { state: 'held', pid: liveness.pid };
  if (liveness.state === 'untrusted') return { state: 'foreign' };
  if (liveness.state !== 'dead') return liveness;
  const { pid, time, doubt } = liveness;
  // It is a mutex that is locked, or that process waited for the server's death. Either way it uses the queue.
  if (doubt === 'alive') return { state: 'foreign' };
  if (doubt !== undefined) return { state: 'doubtful', pid, doubt };
  return { state: 'lowered', pid, time, usedSince: mayBeUsedSince(queue, pid, time, processes) };
}
