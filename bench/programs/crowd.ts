/**
 * Timeq's consumers, as crowd.c has them: so many waits of one process.
 *   crowd.js FORM KEY WAITS
 * FORM: async, waiter (async without polling)
 */
import { GoneError, MessageQueue } from '@timeq/mq-native';

const [form, key, waits] = process.argv.slice(2);
const queue = MessageQueue.open(Number(key));
if (form === 'waiter') queue.longestPoll = 0;

async function consume(): Promise<void> {
  try {
    for (;;) {
      await queue.receive({ type: 1 });
      await queue.send(2, '');
    }
  } catch (error) {
    if (!(error instanceof GoneError)) throw error;
  }
}

const consumers = Array.from({ length: Number(waits) }, consume);
console.log('ready');
await Promise.all(consumers);
