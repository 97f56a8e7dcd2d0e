import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { atEnd } from '../helpers/cleanup.js';
import { deadline } from '../helpers/deadline.js';
import { fixture } from '../helpers/node.js';
import type { Operation, Result } from './operation.js';

/** Another process that uses the same queue. */
export class Actor {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(t: TestContext, queueId: number): Promise<Actor> {
    const child = fork(fixture(import.meta.url, './actor.js'), [String(queueId)], {
      serialization: 'advanced',
      execArgv: [],
    });
    atEnd(t, () => {
      child.kill('SIGKILL');
    });
    const actor = new Actor(child);
    await actor.#next();
    return actor;
  }

  /** Makes it perform these operations in order, without synchronization with other processes. */
  async perform(operations: readonly Operation[]): Promise<Result[]> {
    const results = this.#next();
    this.#child.send([...operations]);
    return (await results) as Result[];
  }

  async #next(): Promise<unknown> {
    const [message] = (await deadline(
      once(this.#child, 'message'),
      'an answer of the other process',
    )) as unknown[];
    return message;
  }
}
