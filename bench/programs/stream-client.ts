/**
 * Moves messages between a queue and a stream as the examples of the NATS client do, until SIGTERM.
 *   stream-client.js out|in URL STREAM KEY   prints "ready" once it moves messages
 * Out: up to 64 messages wait for their acknowledgement, each with an id of its own. In: each is acknowledged once it is sent.
 */
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { MessageQueue } from '@timeq/mq-native';

const IN_FLIGHT = 64;

const [direction, url = '', stream = '', key] = process.argv.slice(2);
const queue = MessageQueue.open(Number(key));
const connection = await connect({ servers: url });
const client = jetstream(connection);

async function out(): Promise<void> {
  let number = 0;
  const one = async (): Promise<void> => {
    for (;;) {
      const { type, body } = queue.tryReceive() ?? (await queue.receive());
      number += 1;
      // The client reads the body after this turn, and the next receive may use its memory.
      await client.publish(`bench.out.${type}`, Buffer.from(body), { msgID: `${process.pid}-${number}` });
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, one));
}

async function into(): Promise<void> {
  const consumer = await client.consumers.get(stream, { filter_subjects: 'bench.in.*' });
  for await (const message of await consumer.consume({ max_messages: 256 })) {
    const type = Number(message.subject.slice(message.subject.lastIndexOf('.') + 1));
    if (!queue.trySend(type, message.data)) await queue.send(type, message.data);
    message.ack();
  }
}

process.once('SIGTERM', () => process.exit(0));
console.log('ready');
await (direction === 'out' ? out() : into());
