import type { TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { trackQueue } from '../helpers/tracking.js';
import { Actor } from './actors.js';

/** A queue, and another process that uses it. */
export class Subject {
  readonly queue: MessageQueue;
  readonly other: Actor;
  /** The byte limit of a new queue. */
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

  /** Empties the queue and resets its limit, for each run. */
  renew(): void {
    while (this.queue.receiveBatch().length > 0) continue;
    this.queue.set({ maxBytes: this.maxBytes });
  }
}
