import type { MessageQueue } from '@timeq/mq-native';
import { Failure } from '../parts/program.js';
import { ENDED, READY, RESULT, type Report, type Task } from './messages.js';

/** The limit of attempts for a task that ends its workers. */
const MOST_ATTEMPTS = 3;

interface Job {
  readonly task: Task;
  readonly attempts: number;
}

/**
 * Hands out tasks, one at a time to each worker that has said it is ready, and remembers who has which: a task that was
 * taken from the queue is known only to its worker, so the dispatcher must remember it until its result arrives.
 */
export class Dispatcher {
  readonly #tasks: MessageQueue;
  readonly #results: MessageQueue;
  readonly #waiting: Job[];
  readonly #held = new Map<number, Job>();
  readonly #idle = new Set<number>();
  #open: number;

  constructor(tasks: MessageQueue, results: MessageQueue, work: readonly Task[]) {
    this.#tasks = tasks;
    this.#results = results;
    this.#waiting = work.map((task) => ({ task, attempts: 1 }));
    this.#open = work.length;
  }

  /**
   * Until every task has its result, however many workers end before.
   * @param replace starts another worker
   * @throws Failure if a task has ended as many workers as it may
   */
  async run(replace: () => void): Promise<void> {
    while (this.#open > 0) {
      const { type, body } = await this.#results.receive();
      const report = JSON.parse(body.toString()) as Report;
      if (type === ENDED) {
        this.#giveBack(report.worker);
        replace();
      }
      if (type === RESULT) this.#finish(report);
      if (type === READY || type === RESULT) this.#idle.add(report.worker);
      await this.#handOut();
    }
  }

  async #handOut(): Promise<void> {
    for (const worker of this.#idle) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      this.#idle.delete(worker);
      this.#held.set(worker, job);
      await this.#tasks.send(worker, JSON.stringify(job.task));
    }
  }

  #finish({ worker, task, primes }: Report): void {
    this.#held.delete(worker);
    this.#open -= 1;
    console.log(`task ${task}: ${primes} primes (worker ${worker})`);
  }

  #giveBack(worker: number): void {
    this.#idle.delete(worker);
    const job = this.#held.get(worker);
    this.#held.delete(worker);
    // It may have ended before it took the message: no other process receives its type.
    this.#tasks.tryReceive({ type: worker });
    if (job === undefined) return;
    console.log(
      `worker ${worker} has ended in the middle of task ${job.task.task}, which is handed out again`,
    );
    if (job.attempts === MOST_ATTEMPTS) {
      throw new Failure(`Task ${job.task.task} has ended ${MOST_ATTEMPTS} workers: it is not tried again.`);
    }
    this.#waiting.unshift({ task: { ...job.task, crash: false }, attempts: job.attempts + 1 });
  }
}
