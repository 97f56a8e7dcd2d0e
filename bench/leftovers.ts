import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { MessageQueue } from '@timeq/mq-native';

const removals: (() => void)[] = [];

/** Says how to remove what this run makes. What is gone already may throw. */
export function ifInterrupted(remove: () => void): void {
  removals.push(remove);
}

/** Ends this program at a signal as usual, but without its processes and objects. */
export function removeWhenInterrupted(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      for (const remove of removals.toReversed()) {
        try {
          remove();
        } catch {
          // The run had removed it itself.
        }
      }
      process.kill(process.pid, signal);
    });
  }
}

/** A new queue, and its random key. */
export function newQueue(): { readonly key: number; readonly queue: MessageQueue } {
  const key = randomInt(1, 0x7fff_ffff);
  const queue = MessageQueue.create(key);
  ifInterrupted(() => {
    queue.remove();
  });
  return { key, queue };
}

/** A process that does not outlive this program. */
export function own<Child extends ChildProcess>(child: Child): Child {
  ifInterrupted(() => {
    child.kill();
  });
  return child;
}
