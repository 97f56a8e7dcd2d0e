// A process of its own that does to a queue what its parent says: one operation at a time, or a list at its own pace.
import { MessageQueue } from '@timeq/mq-native';
import { perform, type Operation, type Result } from './operation.js';

const queue = MessageQueue.fromId(Number(process.argv[2]));

process.on('message', (operations: Operation[]) => {
  const results: Result[] = operations.map((operation) => perform(queue, operation));
  process.send?.(results);
});
process.send?.('ready');
