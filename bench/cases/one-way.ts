import type { Case } from '../case.js';
import { c, peers, timeq, type Contender } from '../contender.js';
import { runPair } from '../run-pair.js';

const contenders = [
  c('one_way'),
  timeq('trySend, receiveBatch', 'one-way', 'batch'),
  timeq('trySendBatch, receiveBatch', 'one-way', 'send-batch'),
  timeq('await send, for await', 'one-way', 'async'),
  timeq('await send, batches', 'one-way', 'batches'),
  timeq('sendSync, receiveSync', 'one-way', 'sync'),
  ...peers('one_way'),
];

/** The first half warms up, the second half is timed. svmq gets fewer, as it would take minutes. */
const COUNT = 2_000_000;
const SVMQ_COUNT = 50_000;

/** Its receive buffer has a fixed size, which is too small for 8 KiB. */
const SVMQ_LARGEST = 4096;

function oneWay(name: string, title: string, cpus: 1 | 2, bytes: number): Case {
  return {
    name,
    title: `One way, ${title}`,
    figure: 'perSecond',
    unit: 'messages/s',
    more: true,
    contenders: bytes > SVMQ_LARGEST ? contenders.filter((each) => each.name !== 'Node.js svmq') : contenders,
    run: (contender, short) =>
      runPair(contender, {
        roles: ['send', 'receive'],
        cpus,
        count: short ? 500 : countFor(contender, bytes),
        bytes,
      }),
  };
}

function countFor(contender: Contender, bytes: number): number {
  if (contender.name === 'Node.js svmq') return SVMQ_COUNT;
  return bytes > SVMQ_LARGEST ? COUNT / 5 : COUNT;
}

export const oneWays: readonly Case[] = [
  oneWay('one-way-2', '32 bytes, two cores', 2, 32),
  oneWay('one-way-1', '32 bytes, one core', 1, 32),
  oneWay('one-way-8k', '8 KiB, two cores', 2, 8192),
];
