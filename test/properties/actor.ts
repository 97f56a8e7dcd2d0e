// A process that performs its parent's operations on a queue: one at a time, or a whole list at its own pace.
import { MessageQueue } from '@timeq/mq-native';
import { perform, type Operation, type Result } from './operation.js';

const queue = MessageQueue.fromId(Number(process.argv[2]));

process.on('message', (operations: Operation[]) => {
  const results: Result[] = operations.map((operation) => perform(queue, operation));
  process.send?.(results);
});
process.send?.('ready');
