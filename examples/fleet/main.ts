/**
 * fleet: three machines send to one stream of NATS, and each message arrives once, though bridges and NATS are killed
 * Mechanism: message queues, timeq-bridge, NATS JetStream
 * Start: npm run example fleet, or with less to do: npm run example -- fleet --messages 3000
 *
 * Each "machine" is an IPC namespace with a queue at key 0x80, a sender that knows nothing of NATS (in PHP, in Python
 * and in Node.js), and a bridge. All share the network of this machine: for networks of their own they would need root.
 */
import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { parseInteger } from '../parts/integer.js';
import { Failure, Misuse, prepareProgram } from '../parts/program.js';
import { Consumer, createStream } from './consumer.js';
import { Host } from './host.js';
import { KillPlan } from './kill-plan.js';
import { NatsServer } from './nats-server.js';
import { installedSenders } from './senders.js';
import { table } from './table.js';
import { Tally } from './tally.js';

const HOSTS = ['alpha', 'beta', 'gamma'];
const MESSAGES = 20_000;
const FEWEST_MESSAGES = 10;
const MOST_MESSAGES = 1_000_000;
const KILLS_OF_EACH_BRIDGE = 3;

prepareProgram();
const messages = readMessages(process.argv.slice(2));

const folder = mkdtempSync(join(tmpdir(), 'timeq-fleet-'));
// NATS may still be ending, which can write into it.
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 10 }));
const server = await NatsServer.start(folder);
console.log(`${server.version} listens at ${server.url}`);

// Without -1 it stops to reconnect after some seconds.
const connection = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
await createStream(connection);

const senders = installedSenders();
const hosts = HOSTS.map((name, index) => {
  const sender = senders[index % senders.length];
  if (sender === undefined) throw new Failure('There is no sender.');
  console.log(`host ${name}: ${sender.language} sends ${messages} messages to its queue`);
  return new Host(name, sender, { messages, url: server.url, folder });
});

const tally = new Tally(HOSTS, messages);
const plan = new KillPlan(hosts, messages, KILLS_OF_EACH_BRIDGE, server);
const consumer = new Consumer(connection, (host, number) => {
  tally.arrived(host, number);
  plan.arrived(host, tally.of(host).count);
});
const consuming = consumer.run();
// Ends once every queue is empty, and no bridge holds a message.
await Promise.race([Promise.all(hosts.map((host) => host.ended)), consuming]);
await plan.done();
const stored = await consumer.untilRead();
await connection.close();

console.log(`\n${table(tally, hosts)}`);
const kills = hosts.reduce((sum, { kills: each }) => sum + each, 0);
console.log(
  `\n${kills} bridges and ${server.kills} NATS server were killed with kill -9. The stream has ${stored} messages.`,
);
process.exit(tally.isRight ? 0 : 1);

function readMessages([option, text = '', ...rest]: readonly string[]): number {
  if (option === undefined) return MESSAGES;
  const number = parseInteger(text) ?? 0;
  if (option !== '--messages' || rest.length > 0 || number < FEWEST_MESSAGES || number > MOST_MESSAGES) {
    throw new Misuse(
      `The only option is --messages N, with ${FEWEST_MESSAGES} to ${MOST_MESSAGES} messages of each host.`,
    );
  }
  return number;
}
