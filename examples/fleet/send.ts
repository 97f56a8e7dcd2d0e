/** Sends numbered messages, and knows nothing of bridges or NATS. */
import { MessageQueue } from '@timeq/mq-native';

const queue = MessageQueue.open(0x80);
for (let number = 1; number <= Number(process.argv[2]); number++) {
  // It waits while the queue is full.
  await queue.send(3, `message ${number}`);
}
