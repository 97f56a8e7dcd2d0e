import type { LivenessState, Processes, QueueEntry } from '@timeq/mq-native';
import type { SemaphoreEvidence } from './evidence.js';

/**
 * Whether a process other than a dead server may have received since. Clocks prove nothing, since they can be set. But
 * the kernel records a receiver by its process, unless it handed the message over to a blocked thread, and then it
 * records the sender in the same moment. So if the server was the last sender, a receiver whose pid nothing has any
 * more either got that message or was a process that is dead.
 */
function mayBeUsedSince(queue: QueueEntry, server: number, loweredAt: number, processes: Processes): boolean {
  const { state } = processes.lastReceiver(queue);
  if (state === 'never' || queue.lastReceivePid === server) return false;
  const sentLast = queue.lastSendPid === server && queue.sendTime <= loweredAt;
  return !(sentLast && state === 'ended');
}

/** The meaning of the semaphore at a queue's key, as the server and the client judge it too, for the queue. */
export function semaphoreEvidence(
  liveness: LivenessState,
  queue: QueueEntry,
  processes: Processes,
): SemaphoreEvidence {
  if (liveness.state === 'alive') return { state: 'held', pid: liveness.pid };
  if (liveness.state === 'untrusted') return { state: 'foreign' };
  if (liveness.state !== 'dead') return liveness;
  const { pid, time, doubt } = liveness;
  // It is a locked mutex, or that process waited for the server's death. Either way it uses the queue.
  if (doubt === 'alive') return { state: 'foreign' };
  if (doubt !== undefined) return { state: 'doubtful', pid, doubt };
  return { state: 'lowered', pid, time, usedSince: mayBeUsedSince(queue, pid, time, processes) };
}
