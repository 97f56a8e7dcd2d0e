import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { MessageQueue, MessageType } from '@timeq/mq-native';

/** How long a thread may take until it is blocked, in milliseconds, on a busy machine. */
const PATIENCE_MILLISECONDS = 2000;

/** How long it usually takes, for systems that do not show what threads do. */
const PAUSE_MILLISECONDS = 5;

/**
 * Waits until threads of this process are blocked in msgrcv for each of these types. The kernel hands the answer to a
 * thread that is blocked before the request is sent, so a server that receives any type can't take it back. On Linux
 * /proc/self/task/TID/syscall shows it; elsewhere, and where it is not shown, this is a short pause.
 */
export async function untilBlocked(queue: MessageQueue, types: readonly MessageType[]): Promise<void> {
  const end = performance.now() + PATIENCE_MILLISECONDS;
  while (performance.now() < end) {
    await delay(1);
    const blocked = blockedReceives(queue.id);
    if (blocked === undefined) {
      await delay(PAUSE_MILLISECONDS);
      return;
    }
    if (types.every((type) => blocked.has(BigInt(type)))) return;
  }
}

/** The types that threads of this process wait for in msgrcv(2) now; undefined if that is not shown. */
function blockedReceives(queueId: number): Set<bigint> | undefined {
  const types = new Set<bigint>();
  let isShown = false;
  for (const thread of threads()) {
    const call = callOf(thread);
    if (call === undefined) continue;
    isShown = true;
    // Its number, then the arguments: the queue's id, buffer, room and type.
    const [, id, , , type] = call.split(' ');
    if (id !== undefined && type !== undefined && Number(id) === queueId) types.add(BigInt(type));
  }
  return isShown ? types : undefined;
}

function threads(): string[] {
  try {
    return readdirSync('/proc/self/task');
  } catch {
    return [];
  }
}

/** The call in which a thread is blocked; undefined if it runs, has ended or is not shown. */
function callOf(thread: string): string | undefined {
  try {
    const call = readFileSync(`/proc/self/task/${thread}/syscall`, 'latin1');
    return call.startsWith('running') ? undefined : call;
  } catch {
    return undefined;
  }
}
