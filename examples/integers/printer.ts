/** The child of `integers`: prints what comes through the queue whose id is on its command line. */
import { MessageQueue } from '@timeq/mq-native';
import { endWithParent } from '../parts/child.js';
import { INTEGER, PRINTED } from './message-types.js';

endWithParent();
const queue = MessageQueue.fromId(Number(process.argv[2]));
for await (const message of queue.messages({ type: INTEGER })) {
  const integer = Number(message.body.toString());
  if (integer === 0) break;
  console.log(`printer (pid ${process.pid}): ${integer}`);
  await queue.send(PRINTED, '');
}
