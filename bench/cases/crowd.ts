import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Case } from '../case.js';
import { compiled } from '../compile.js';
import { runner, runnerCase, type Figures, type Runner } from '../figures.js';
import { newQueue } from '../leftovers.js';
import { outputOf, startProgram } from '../processes.js';
import { receiving, usageMissing, usageOf } from '../process-usage.js';

const MANY = 100;
/** The same in the short form. */
const FEW = 5;
/**
 * How many messages warm up each process, or V8 would still be compiling: of 100 processes, each has received
 * only about fifty after a second.
 */
const WARM_UP_MESSAGES = 2000;
const WARM_UP_TIME = 1_000_000;
const SETTLE_MILLISECONDS = 10;
/** The time limit for all consumers to block. */
const LONGEST_MILLISECONDS = 60_000;

const script = fileURLToPath(new URL('../programs/crowd.js', import.meta.url));

/** A crowd: how many processes of this command, with how many waits each. */
interface Crowd {
  readonly processes: number;
  readonly waits: number;
  readonly command: (key: number, waits: number) => (string | number)[];
}

const inC = (processes: number): Crowd => ({
  processes,
  waits: 1,
  command: (key) => [compiled('crowd'), 'consume', key],
});

/**
 * V8 does idle-time work for a minute after a program was busy, which wakes each process about every second. With rare
 * messages, this would be most of the measured cost.
 */
const UNTIDIED = '--no-memory-reducer';

const inTimeq = (options: readonly string[], form: string, processes: number, waits = 1): Crowd => ({
  processes,
  waits,
  command: (key, count) => [process.execPath, ...options, script, form, key, count],
});

/** The pace of the sender. */
interface Pace {
  /** How long it sends, and how long it pauses before each message, in microseconds at least. */
  readonly time: number;
  readonly pause: number;
  /** Its warm-up without pauses: how long it takes at least, and how many messages each process gets. */
  readonly warmUp: { readonly time: number; readonly messages: number };
}

/** Returns when each of the processes is blocked in msgrcv. */
async function allWait(pids: readonly number[]): Promise<void> {
  const end = performance.now() + LONGEST_MILLISECONDS;
  while (receiving(pids) < pids.length) {
    if (performance.now() > end) throw new Error('the consumers do not become idle');
    await delay(SETTLE_MILLISECONDS);
  }
}

/** The cost of a message for all processes together, without their start and end. */
async function measure({ processes, waits, command }: Crowd, pace: Pace): Promise<Figures> {
  const { key, queue } = newQueue();
  const consumers = Array.from({ length: processes }, () => startProgram(command(key, waits)));
  try {
    await Promise.all(consumers.map((consumer) => consumer.line()));
    const pids = consumers.map(({ pid }) => pid);
    const send = (time: number, messages: number, pause: number): Promise<Figures> =>
      outputOf([compiled('crowd'), 'send', key, time, messages, pause]);
    await allWait(pids);
    await send(pace.warmUp.time, pace.warmUp.messages * processes, 0);
    await allWait(pids);
    const before = usageOf(pids);
    const { count = 0, perSecond = 0, cpu = 0 } = await send(pace.time, 1, pace.pause);
    await allWait(pids);
    const after = usageOf(pids);
    return {
      cpuPerMessage: (after.cpu - before.cpu + cpu) / count,
      sleepsPerMessage: (after.sleeps - before.sleeps) / count,
      perSecond,
    };
  } finally {
    queue.remove();
    await Promise.all(consumers.map((consumer) => consumer.ended()));
  }
}

function smaller({ processes, waits, command }: Crowd): Crowd {
  return { processes: Math.min(processes, FEW), waits: Math.min(waits, FEW), command };
}

function crowdCase(name: string, title: string, pause: number, time: number): Case {
  const options = pause > 0 ? [UNTIDIED] : [];
  const each = (label: string, crowd: Crowd, baseline?: string): Runner =>
    runner(
      label,
      (short) =>
        short
          ? measure(smaller(crowd), { pause, time: time / 20, warmUp: { time: 0, messages: 0 } })
          : measure(crowd, { pause, time, warmUp: { time: WARM_UP_TIME, messages: WARM_UP_MESSAGES } }),
      { missing: usageMissing, ...(baseline !== undefined && { baseline }) },
    );
  return runnerCase(
    {
      name,
      title,
      figure: 'cpuPerMessage',
      unit: 'µs',
      more: false,
      repetitions: 3,
      columns: { sleepsPerMessage: 'sleeps', perSecond: 'messages/s' },
    },
    [
      each('C, 1 process', inC(1)),
      each(`C, ${MANY} processes`, inC(MANY)),
      each('Timeq, 1 process', inTimeq(options, 'async', 1), 'Timeq, 1 process'),
      each(`Timeq, ${MANY} processes`, inTimeq(options, 'async', MANY), 'Timeq, 1 process'),
      each(`Timeq, ${MANY} waits in one process`, inTimeq(options, 'async', 1, MANY), 'Timeq, 1 process'),
      each('Timeq, no polling, 1 process', inTimeq(options, 'waiter', 1), 'Timeq, no polling, 1 process'),
      each(
        `Timeq, no polling, ${MANY} processes`,
        inTimeq(options, 'waiter', MANY),
        'Timeq, no polling, 1 process',
      ),
      each(
        `Timeq, no polling, ${MANY} waits in one process`,
        inTimeq(options, 'waiter', 1, MANY),
        'Timeq, no polling, 1 process',
      ),
    ],
  );
}

/** The cost of many consumers that wait for the same type, when only one can receive each message. */
export const crowds: readonly Case[] = [
  crowdCase(
    'crowd-busy',
    'CPU time per message with many consumers, each sent once the last is confirmed',
    0,
    1_000_000,
  ),
  crowdCase(
    'crowd-quiet',
    'CPU time per message with many consumers, each sent after 20 ms of silence',
    20_000,
    2_000_000,
  ),
];
