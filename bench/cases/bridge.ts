import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect } from '@nats-io/transport-node';
import { bridge, plainClient, withMover, type Mover } from '../bridges.js';
import type { Case } from '../case.js';
import { compiled } from '../compile.js';
import { runner, runnerCase, type Figures, type Runner } from '../figures.js';
import { natsMissing, withNats, withStream, type Stream } from '../jetstream.js';
import { newQueue } from '../leftovers.js';
import { usageMissing, usageOf } from '../process-usage.js';
import { outputOf, startProgram } from '../processes.js';
import { idle } from './little-to-do.js';

const BYTES = 32;
/** Microseconds. */
const WARM_UP = 1_000_000;
const MEASURED = 4_000_000;
/** Of these messages into a queue, the first half warms up. */
const INWARD = 160_000;
/** How many messages are published before the stream has to have them. */
const PUBLISHED_AT_ONCE = 1000;
/** Bytes of the newest messages that a stream keeps, where all would fill the disk. */
const MOST_KEPT = 256_000_000;
const SAMPLES = 20;

const connectionAlone = fileURLToPath(new URL('../programs/nats-connection.js', import.meta.url));

const missing = (): string | undefined => natsMissing() ?? usageMissing();

/** Waits until the stream was given so many messages. */
async function untilStored(stream: Stream, messages: number): Promise<void> {
  while ((await stream.last()) < messages) await delay(1);
}

async function withQueue<Result>(measure: (key: number) => Promise<Result>): Promise<Result> {
  const { key, queue } = newQueue();
  try {
    return await measure(key);
  } finally {
    queue.remove();
  }
}

/** What comes out of a queue that a C program floods, into a stream. */
function outOf(mover: Mover, short: boolean): Promise<Figures> {
  return withStream(-1, (stream) =>
    withQueue((key) =>
      withMover(mover, 'out', stream, key, async ({ pid }) => {
        let messages = 0;
        const flood = async (time: number): Promise<number> => {
          const command = [compiled('pool'), 'flood', key, short ? time / 100 : time];
          const { count = 0 } = await outputOf(command);
          messages += count;
          await untilStored(stream, messages);
          return count;
        };
        await flood(WARM_UP);
        const { cpu } = usageOf([pid]);
        const start = performance.now();
        const count = await flood(MEASURED);
        const seconds = (performance.now() - start) / 1000;
        return { perSecond: count / seconds, cpuPerMessage: (usageOf([pid]).cpu - cpu) / count };
      }),
    ),
  );
}

/** Publishes messages of type 1. @param before how many the stream was given already */
async function fill(stream: Stream, before: number, count: number): Promise<void> {
  const connection = await connect({ servers: stream.url });
  const body = Buffer.alloc(BYTES);
  for (let sent = 0; sent < count;) {
    const until = Math.min(count, sent + PUBLISHED_AT_ONCE);
    for (; sent < until; sent++) connection.publish('bench.in.1', body);
    await untilStored(stream, before + sent);
  }
  await connection.close();
}

/** What a C program receives from a queue that is filled from a stream. */
function into(mover: Mover, short: boolean): Promise<Figures> {
  const count = short ? 200 : INWARD;
  return withStream(-1, async (stream) => {
    await fill(stream, 0, count);
    return await withQueue(async (key) => {
      const receiver = startProgram([compiled('one_way'), 'receive', key, count, BYTES]);
      return await withMover(mover, 'in', stream, key, async () => {
        const figures = JSON.parse(await receiver.line()) as Figures;
        await receiver.ended();
        return figures;
      });
    });
  });
}

/** Two C programs, with the queue between them and nothing else. */
function queueAlone(short: boolean): Promise<Figures> {
  return withQueue(async (key) => {
    const count = short ? 200 : 2_000_000;
    const sender = startProgram([compiled('one_way'), 'send', key, count, BYTES]);
    const figures = await outputOf([compiled('one_way'), 'receive', key, count, BYTES]);
    await sender.ended();
    return figures;
  });
}

/** Resident memory, in megabytes. */
function megabytesOf(pid: number): number {
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1000;
}

/** The memory of a bridge, as so many messages pass. */
function growth(direction: 'out' | 'in', total: number, short: boolean): Promise<Figures> {
  const each = (short ? total / 1000 : total) / SAMPLES;
  const pass = async (stream: Stream, key: number, before: number): Promise<void> => {
    if (direction === 'out') {
      const sender = startProgram([compiled('one_way'), 'send', key, each, BYTES]);
      await sender.ended();
      await untilStored(stream, before + each);
    } else {
      const receiver = startProgram([compiled('one_way'), 'receive', key, each, BYTES]);
      await fill(stream, before, each);
      await receiver.line();
      await receiver.ended();
    }
  };
  return withStream(MOST_KEPT, (stream) =>
    withQueue((key) =>
      withMover(bridge, direction, stream, key, async ({ pid }) => {
        const samples: number[] = [];
        const tell = (messages: number): void => {
          console.error(`bridge ${direction}: ${megabytesOf(pid).toFixed(1)} MB after ${messages} messages`);
        };
        tell(0);
        const start = performance.now();
        for (let sample = 0; sample < SAMPLES; sample++) {
          await pass(stream, key, sample * each);
          samples.push(megabytesOf(pid));
          if (sample % 2 === 1) tell((sample + 1) * each);
        }
        const perSecond = (SAMPLES * each * 1000) / (performance.now() - start);
        const [first, second] = [samples.slice(0, SAMPLES / 2), samples.slice(SAMPLES / 2)];
        return {
          growth: Math.max(...second) / Math.max(...first),
          megabytes: Math.max(...samples),
          perSecond,
        };
      }),
    ),
  );
}

/** A bridge that has moved some messages, and has no more. */
function idleBridge(direction: 'out' | 'in'): Runner {
  const measure = (short: boolean): Promise<Figures> =>
    withStream(-1, (stream) =>
      withQueue((key) =>
        withMover(bridge, direction, stream, key, async ({ pid }) => {
          if (direction === 'out') {
            await startProgram([compiled('one_way'), 'send', key, 100, BYTES]).ended();
            await untilStored(stream, 100);
          } else {
            await fill(stream, 0, 100);
            await outputOf([compiled('one_way'), 'receive', key, 100, BYTES]);
          }
          return await idle(pid, short);
        }),
      ),
    );
  return runner(`Timeq bridge ${direction}`, measure, { missing });
}

/** A connection of the same library. */
function idleConnection(short: boolean): Promise<Figures> {
  return withNats([], async (url) => {
    const program = startProgram([process.execPath, connectionAlone, url]);
    await program.line();
    const figures = await idle(program.pid, short);
    program.kill();
    await program.ended();
    return figures;
  });
}

const movers = [plainClient, bridge];

/** A bridge between a queue and a stream of JetStream. */
export const bridges: readonly Case[] = [
  runnerCase(
    {
      name: 'bridge-out',
      title: 'From a queue into a stream, 32 bytes, up to 64 messages in flight',
      figure: 'perSecond',
      unit: 'messages/s',
      more: true,
      columns: { cpuPerMessage: 'µs of its CPU' },
    },
    [
      runner('C, msgsnd and msgrcv alone', queueAlone),
      ...movers.map((mover) => runner(mover.name, (short) => outOf(mover, short), { missing })),
    ],
  ),
  runnerCase(
    {
      name: 'bridge-in',
      title: 'From a stream into a queue, 32 bytes',
      figure: 'perSecond',
      unit: 'messages/s',
      more: true,
    },
    [
      runner('C, msgsnd and msgrcv alone', queueAlone),
      ...movers.map((mover) => runner(mover.name, (short) => into(mover, short), { missing })),
    ],
  ),
  runnerCase(
    {
      name: 'bridge-memory',
      title: 'Growth of a bridge’s resident memory: second half of the messages to first half',
      figure: 'growth',
      unit: 'times',
      more: false,
      repetitions: 1,
      columns: { megabytes: 'MB', perSecond: 'messages/s' },
    },
    [
      runner('Timeq bridge out, ten million messages', (short) => growth('out', 10_000_000, short), {
        missing,
      }),
      runner('Timeq bridge in, two million messages', (short) => growth('in', 2_000_000, short), { missing }),
    ],
  ),
  runnerCase(
    {
      name: 'bridge-idle',
      title: 'An idle bridge: share of a core',
      figure: 'cpu',
      unit: '% of a core',
      more: false,
      repetitions: 3,
      columns: { wakeUps: 'wake-ups/s' },
    },
    [
      runner('Node.js, a connection to NATS alone', idleConnection, { missing }),
      idleBridge('out'),
      idleBridge('in'),
    ],
  ),
];
