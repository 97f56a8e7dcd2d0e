import type { TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { trackQueue } from '../helpers/tracking.js';
import { Actor } from './actors.js';

/** A queue, and another process that works on it too. */
export class Subject {
  readonly queue: MessageQueue;
  readonly other: Actor;
  /** How much a new queue holds. */
  readonly maxBytes: number;

  private constructor(queue: MessageQueue, other: Actor) {
    this.queue = queue;
    this.other = other;
    this.maxBytes = queue.stat().maxBytes;
  }

  static async make(t: TestContext): Promise<Subject> {
    const queue = trackQueue(t, MessageQueue.createPrivate());
    return new Subject(queue, await Actor.start(t, queue.id));
  }

  /** Empty, and as large as a new one, as each run begins. */
  renew(): void {
    while (this.queue.receiveBatch().length > 0) continue;
    this.queue.set({ maxBytes: this.maxBytes });
  }
}
