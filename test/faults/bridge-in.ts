import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { jetstream } from '@nats-io/jetstream';
import { MessageQueue } from '@timeq/mq-native';
import {
  bodyOf,
  FAULTLESS,
  outcomeOf,
  runningBridge,
  scene,
  skipWithoutBridge,
  stopBridge,
  STREAM,
  type Scene,
} from '../bridge/support.js';
import { statusOf } from '../bridge/verbs.js';
import { until } from '../helpers/deadline.js';
import { skipWithoutCommands } from '../helpers/commands.js';
import { natsReleases, type NatsRelease } from '../helpers/nats.js';
import type { Fault, HowMuch } from './fault.js';
import { killBridges } from './killed-bridge.js';
import { start, type Exit } from '../helpers/process.js';

/** The type of another program's messages. */
const OTHER_TYPE = 2 ** 31;
const AT_ONCE = 100;
/** How many messages of the stream are left at each kill: more than a bridge moves until it is killed. */
const AHEAD = 1000;

function typed(number: number): MsgHdrs {
  const made = headers();
  made.set('Sysv-Type', String(number));
  return made;
}

/** Publishes numbered messages, so that a bridge never has too few. */
class Publisher {
  count = 0;
  readonly #here: Scene;
  readonly #largest = MessageQueue.limits().maxMessageBytes;

  constructor(here: Scene) {
    this.#here = here;
  }

  /** @param arrived the highest number that has arrived */
  async keepAhead(arrived: number): Promise<void> {
    const { connection, manager } = this.#here;
    if (this.count - arrived >= AHEAD) return;
    // After a kill of NATS the connection comes back by itself.
    await until(
      async () => (await manager.streams.info(STREAM).catch(() => undefined)) !== undefined,
      'NATS',
    );
    const client = jetstream(connection);
    while (this.count - arrived < 2 * AHEAD) {
      const first = this.count + 1;
      await Promise.all(
        Array.from({ length: AT_ONCE }, (_, index) =>
          client.publish('test.in', bodyOf(first + index, this.#largest), { headers: typed(first + index) }),
        ),
      );
      this.count += AT_ONCE;
    }
  }
}

/** Receives until all messages have arrived. */
class Receiver {
  readonly received: Array<{ type: number | bigint; body: Buffer }> = [];
  /** The highest number of a message from the stream. */
  highest = 0;
  readonly #ended = new AbortController();
  readonly #running: Promise<void>;

  constructor(queue: MessageQueue) {
    this.#running = this.#receive(queue);
  }

  async #receive(queue: MessageQueue): Promise<void> {
    try {
      for (;;) {
        const { type, body } = await queue.receive({ signal: this.#ended.signal });
        this.received.push({ type, body });
        if (type !== OTHER_TYPE) this.highest = Math.max(this.highest, Number(type));
      }
    } catch (error) {
      if (!this.#ended.signal.aborted) throw error;
    }
  }

  async end(): Promise<void> {
    this.#ended.abort();
    await this.#running;
  }
}

async function receiveMeanwhile(
  t: TestContext,
  release: NatsRelease,
  kills: number,
  { random, longest }: Pick<HowMuch, 'random' | 'longest'>,
): Promise<string> {
  const here = await scene(t, { release });
  const receiver = new Receiver(here.queue);
  const publisher = new Publisher(here);
  const doubted = async (): Promise<number> => (await statusOf(here))[0]?.counts['doubted'] ?? 0;
  const killed = await killBridges(here, 'in', kills, random, {
    prepare: () => publisher.keepAhead(receiver.highest),
    progress: () => receiver.highest,
    longest,
    struck: async () => (await doubted()) > 0,
  });
  const { count } = publisher;
  const last = await runningBridge(here, 'in');
  await until(() => receiver.highest === count, 'all messages');
  await stopBridge(last);
  // A duplicate would arrive after the others.
  const end = await runningBridge(here, 'in');
  await stopBridge(end);
  await receiver.end();
  assert.deepEqual(outcomeOf(count, receiver.received), FAULTLESS);
  const inDoubt = await doubted();
  await here.server.end();
  return `nats-server ${release.version}: ${count} messages, ${killed.bridges} kills of the bridge, of which ${inDoubt} struck a send, ${killed.nats} of NATS`;
}

export const bridgeIn: Fault = {
  name: 'bridge-in',
  title:
    'into a queue of which it is the only sender, a bridge that is killed loses, doubles and changes no message, nor their order',
  skip: skipWithoutBridge,
  async run(t, { random, long, longest }) {
    const figures: string[] = [];
    for (const release of natsReleases) {
      const kills = long ? Math.ceil(2500 / natsReleases.length) : 20;
      figures.push(await receiveMeanwhile(t, release, kills, { random, longest }));
    }
    return `${figures.join('; ')}; 0 lost, 0 doubled, 0 wrong, 0 out of order`;
  },
};

/** Sends numbers of a type of its own, about two thousand a second, until it is killed. */
const OTHER_SENDER = `
my ($id, $type) = @ARGV;
for (my $number = 1; ; $number++) {
  msgsnd($id, pack('l!a*', $type, $number), 0) or die "msgsnd: $!";
  select(undef, undef, undef, 0.0005);
}`;

interface Shared {
  readonly count: number;
  readonly bridges: number;
  readonly doubts: ReadonlySet<number>;
  readonly doubled: number;
  readonly lost: number;
}

/** Kills bridges into a queue to which another program sends all the time. */
async function shareQueue(
  t: TestContext,
  inDoubt: 'again' | 'skip',
  kills: number,
  { random, longest }: Pick<HowMuch, 'random' | 'longest'>,
): Promise<Shared> {
  const here = await scene(t);
  const receiver = new Receiver(here.queue);
  const other = start(t, 'perl', ['-e', OTHER_SENDER, String(here.queue.id), String(OTHER_TYPE)]);
  const publisher = new Publisher(here);
  const words = ['--in-doubt', inDoubt];
  const doubts = new Set<number>();
  const ended = ({ stderr }: Exit): void => {
    for (const [, sequence] of stderr.matchAll(
      /whether message (\d+) of the stream was sent can't be known/g,
    ))
      doubts.add(Number(sequence));
  };
  const { bridges } = await killBridges(here, 'in', kills, random, {
    prepare: () => publisher.keepAhead(receiver.highest),
    progress: () => receiver.highest,
    longest,
    words,
    ended,
    struck: () => doubts.size > 0,
  });
  const { count } = publisher;
  const last = await runningBridge(here, 'in', words);
  await until(() => receiver.highest === count, 'the last message');
  ended(await stopBridge(last));
  await other.end();
  await until(() => here.queue.stat().messages === 0, 'an empty queue');
  await receiver.end();

  const arrived = receiver.received.filter(({ type }) => type !== OTHER_TYPE);
  const { wrong, outOfOrder } = outcomeOf(count, arrived);
  assert.deepEqual([wrong, outOfOrder], [0, 0]);
  const times = new Map<number, number>();
  for (const { type } of arrived) times.set(Number(type), (times.get(Number(type)) ?? 0) + 1);
  const lost = Array.from({ length: count }, (_, index) => index + 1).filter((number) => !times.has(number));
  const doubled = [...times].filter(([, each]) => each > 1);
  // Only what the log has named, and each once more at most.
  assert.deepEqual(
    [...lost, ...doubled.map(([number]) => number)].filter((number) => !doubts.has(number)),
    [],
  );
  if (inDoubt === 'again') assert.deepEqual(lost, []);
  else assert.deepEqual(doubled, []);
  assert.ok(doubled.every(([, each]) => each === 2));
  assert.ok(doubts.size <= bridges);
  // The other program's messages are all there, in order.
  const others = receiver.received.filter(({ type }) => type === OTHER_TYPE);
  assert.deepEqual(
    others.map(({ body }) => Number(body)),
    others.map((_, index) => index + 1),
  );
  await here.server.end();
  return { count, bridges, doubts, lost: lost.length, doubled: doubled.length };
}

export const bridgeInShared: Fault = {
  name: 'bridge-in-shared',
  title:
    'into a queue with another sender, a killed bridge loses (skip) or doubles (again) only messages that its log names',
  skip: () => skipWithoutBridge() || skipWithoutCommands('perl'),
  async run(t, { random, long, longest }) {
    const kills = long ? 500 : 20;
    const figures: string[] = [];
    for (const inDoubt of ['again', 'skip'] as const) {
      const { count, bridges, doubts, lost, doubled } = await shareQueue(t, inDoubt, kills, {
        random,
        longest,
      });
      figures.push(
        `${inDoubt}: ${count} messages, ${bridges} kills, ${doubts.size} in doubt and named, ${lost} lost, ${doubled} doubled`,
      );
    }
    return `${figures.join('; ')}; 0 wrong, 0 out of order`;
  },
};
