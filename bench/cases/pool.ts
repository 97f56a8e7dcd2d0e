import { setTimeout as delay } from 'node:timers/promises';
import type { MessageQueue } from '@timeq/mq-native';
import type { Case } from '../case.js';
import { compiled } from '../compile.js';
import { c, peers, timeq, type Contender } from '../contender.js';
import type { Figures } from '../figures.js';
import { newQueue } from '../leftovers.js';
import { usageMissing, usageOf } from '../process-usage.js';
import { outputOf, startProgram, type Running } from '../processes.js';

const PRODUCERS = 2;
const WORKERS = [1, 2, 4, 8, 16, 64];
/** Microseconds. */
const WARM_UP = 1_000_000;
const MEASURED = 2_000_000;
/** The bodies of 16 bytes, which are long work. */
const LONG_WORK_BYTES = 16;

async function untilEmpty(queue: MessageQueue): Promise<void> {
  while (queue.stat().messages > 0) await delay(1);
}

/** What the workers print at the end, once the queue is removed. */
async function countsOf(queue: MessageQueue, workers: readonly Running[]): Promise<Figures[]> {
  queue.remove();
  const counts = await Promise.all(workers.map(async (worker) => JSON.parse(await worker.line()) as Figures));
  await Promise.all(workers.map((worker) => worker.ended()));
  return counts;
}

async function startWorkers(contender: Contender, count: number, key: number, work: number) {
  const command = [...contender.command('consume'), key, work];
  const workers = Array.from({ length: count }, () => startProgram(command));
  await Promise.all(workers.map((worker) => worker.line()));
  return workers;
}

/** The messages that the workers take from producers that never pause. */
async function flood(contender: Contender, count: number, short: boolean): Promise<Figures> {
  const { key, queue } = newQueue();
  const workers = await startWorkers(contender, count, key, 0);
  const pids = workers.map(({ pid }) => pid);
  const produce = async (time: number): Promise<number> => {
    const command = [compiled('pool'), 'flood', key, short ? time / 100 : time];
    const sent = await Promise.all(Array.from({ length: PRODUCERS }, () => outputOf(command)));
    await untilEmpty(queue);
    return sent.reduce((sum, { count: of = 0 }) => sum + of, 0);
  };
  await produce(WARM_UP);
  const before = usageOf(pids);
  const start = performance.now();
  const messages = await produce(MEASURED);
  const seconds = (performance.now() - start) / 1000;
  const { cpu } = usageOf(pids);
  const counts = (await countsOf(queue, workers)).map(({ count: of = 0 }) => of);
  const mean = counts.reduce((sum, of) => sum + of, 0) / count;
  return {
    perSecond: messages / seconds,
    cpuPerMessage: (cpu - before.cpu) / messages,
    slowest: Math.min(...counts) / mean,
  };
}

/** How long messages wait while one of the workers is busy for as long as others are sent. */
async function busyWorker(contender: Contender, count: number, short: boolean): Promise<Figures> {
  const { key, queue } = newQueue();
  const workers = await startWorkers(contender, count, key, 1000);
  const pace = (time: number): Promise<Figures> =>
    outputOf([compiled('pool'), 'pace', key, short ? time / 10 : time, 500]);
  await pace(WARM_UP);
  await untilEmpty(queue);
  const longWork = Buffer.alloc(LONG_WORK_BYTES);
  longWork.writeBigInt64LE(BigInt(short ? MEASURED / 10 : MEASURED), 8);
  await queue.send(1, longWork);
  await pace(MEASURED);
  await untilEmpty(queue);
  const all = await countsOf(queue, workers);
  const most = (name: string): number => Math.max(...all.map((figures) => figures[name] ?? 0));
  return { longest: most('longest'), p99: most('p99') };
}

function withUsage(contender: Contender): Contender {
  return { ...contender, missing: () => usageMissing() ?? contender.missing() };
}

const inTimeq = timeq('for await', 'pool', 'messages');
/** svmq waits in the pool of libuv, of four threads. */
const others = peers('pool').filter(({ name }) => name !== 'Node.js svmq');
const contenders = [c('pool'), inTimeq, timeq('batches', 'pool', 'batches'), ...others].map(withUsage);

function poolCase(count: number): Case {
  return {
    name: `pool-${count}`,
    title: `A pool of ${count} ${count === 1 ? 'worker' : 'workers'}, two producers that never pause`,
    figure: 'perSecond',
    unit: 'messages/s',
    more: true,
    repetitions: 3,
    columns: { cpuPerMessage: 'µs of CPU', slowest: 'slowest worker to mean' },
    contenders,
    run: (contender, short) => flood(contender, short ? Math.min(count, 2) : count, short),
  };
}

/** Workers that share one queue. */
export const pools: readonly Case[] = [
  ...WORKERS.map(poolCase),
  {
    name: 'pool-busy',
    title: 'A pool of 4 workers, 1 ms of work for each message, one worker busy all the time: longest wait',
    figure: 'longest',
    unit: 'µs',
    more: false,
    repetitions: 3,
    columns: { p99: 'p99 of a worker' },
    contenders: [c('pool'), inTimeq],
    run: (contender, short) => busyWorker(contender, 4, short),
  },
];
