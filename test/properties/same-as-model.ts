import { isDeepStrictEqual } from 'node:util';
import { MessageQueue } from '@timeq/mq-native';
import * as fc from 'fast-check';
import { ModelQueue } from './model-queue.js';
import { perform, type Operation, type Perform } from './operation.js';
import { operation } from './operations.js';
import { line, text } from './steps.js';
import type { Subject } from './subject.js';

interface Step {
  /** Whether the other process performs it. */
  readonly elsewhere: boolean;
  readonly operation: Operation;
}

const step: fc.Arbitrary<Step> = fc.record({ elsewhere: fc.boolean(), operation });

/**
 * The queue behaves like the model for any sequence of operations of two processes.
 * @param begin creates the function that performs operations in this process, for each run
 */
export function sameAsModel(
  subject: Subject,
  Model: typeof ModelQueue = ModelQueue,
  begin: () => Perform = () => perform,
): fc.IAsyncProperty<[Step[]]> {
  const { maxMessageBytes } = MessageQueue.limits();
  return fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
    subject.renew();
    const model = new Model(subject.maxBytes, maxMessageBytes);
    const here = begin();
    const lines: string[] = [];
    for (const { elsewhere, operation: each } of steps) {
      const result = elsewhere ? (await subject.other.perform([each]))[0] : here(subject.queue, each);
      const expected = model.perform(each);
      lines.push(line(elsewhere ? 'other process:' : 'this process: ', each, result ?? 'nothing came back'));
      if (isDeepStrictEqual(result, expected)) continue;
      throw new Error([...lines, `by the model:  ${text(expected)}`].join('\n'));
    }
  });
}
