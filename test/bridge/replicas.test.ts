import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { MessageQueue } from '@timeq/mq-native';
import { atEnd } from '../helpers/cleanup.js';
import { until } from '../helpers/deadline.js';
import { natsReleases, type NatsRelease, type NatsServer } from '../helpers/nats.js';
import { startCluster } from '../helpers/nats-cluster.js';
import {
  bodyOf,
  bridgeKey,
  FAULTLESS,
  outcomeOf,
  runningBridge,
  skipWithoutBridge,
  stopBridge,
  storedMessages,
  STREAM,
} from './support.js';

const COUNT = 3000;

interface Cluster {
  readonly servers: ReadonlyMap<string, NatsServer>;
  readonly url: string;
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
}

/** Milliseconds in which servers elect their leaders and make a stream. */
const ELECTION = 20_000;

/** Three servers, and a stream with a replica on each. Beside other tests, servers now and then elect no leader: new ones do. */
async function startReplicated(t: TestContext, release: NatsRelease, attempts = 3): Promise<Cluster> {
  const servers = await startCluster(t, release);
  const url = [...servers.values()].map((server) => server.url).join(',');
  const connection = await connect({ servers: url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  atEnd(t, () => connection.close());
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const stream = { name: STREAM, subjects: ['test.>'], num_replicas: 3 };
  const add = (): Promise<unknown> => manager.streams.add(stream).catch(() => undefined);
  try {
    await until(add, 'a stream with three replicas', ELECTION);
    return { servers, url, connection, manager };
  } catch (error) {
    if (attempts === 1) throw error;
    for (const server of servers.values()) await server.end('SIGKILL');
    return await startReplicated(t, release, attempts - 1);
  }
}

function newQueue(t: TestContext): { readonly key: number; readonly queue: MessageQueue } {
  const key = bridgeKey(t);
  const queue = MessageQueue.create(key);
  atEnd(t, () => {
    queue.close();
  });
  return { key, queue };
}

async function moveMeanwhile(t: TestContext, release: NatsRelease): Promise<void> {
  const { servers, url, manager, connection } = await startReplicated(t, release);
  const [from, to] = [newQueue(t), newQueue(t)];
  const out = await runningBridge({ t, key: from.key, server: { url } }, 'out');
  const into = await runningBridge({ t, key: to.key, server: { url } }, 'in', ['--subject', 'test.out']);

  const largest = MessageQueue.limits().maxMessageBytes;
  let killed = false;
  const send = async (): Promise<void> => {
    for (let number = 1; number <= COUNT; number++) {
      // Those behind can only be stored after the kill.
      if (number === COUNT / 2) await until(() => killed, 'the kill');
      await from.queue.send(number, bodyOf(number, largest));
    }
  };
  const arrived: Array<{ type: number | bigint; body: Buffer }> = [];
  const receive = async (): Promise<void> => {
    while (arrived.at(-1)?.type !== COUNT) {
      const { type, body } = await to.queue.receive();
      arrived.push({ type, body });
    }
  };
  const killLeader = async (): Promise<void> => {
    await until(() => arrived.length > COUNT / 10, 'the first messages');
    const { cluster } = await manager.streams.info(STREAM);
    const server = servers.get(cluster?.leader ?? '') as NatsServer;
    await server.end('SIGKILL');
    killed = true;
    const goesOn = async (): Promise<boolean> => {
      const now = await manager.streams.info(STREAM).catch(() => undefined);
      return now !== undefined && now.state.last_seq > COUNT / 2 && now.cluster?.leader !== cluster?.leader;
    };
    await until(goesOn, 'messages without the third server');
    await server.start();
  };
  await Promise.all([send(), receive(), killLeader()]);
  await stopBridge(out);
  await stopBridge(into);
  assert.deepEqual(outcomeOf(COUNT, arrived), FAULTLESS);
  assert.equal(to.queue.stat().messages, 0);
  // The third server is catching up, and leaders may change.
  const stored = await until(
    () => storedMessages({ connection, manager }).catch(() => undefined),
    'the stream to be read',
  );
  assert.deepEqual(outcomeOf(COUNT, stored), FAULTLESS);
}

describe('bridges and a stream with three replicas', { skip: skipWithoutBridge() }, () => {
  for (const release of natsReleases) {
    it(`lose, double and reorder no message when the stream's leader is killed (${release.version})`, async (t) => {
      await moveMeanwhile(t, release);
    });
  }
});
