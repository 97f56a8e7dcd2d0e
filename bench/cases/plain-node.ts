import type { Case } from '../case.js';
import { alone, c, timeq, type Contender } from '../contender.js';
import type { Mechanism } from '../programs/channels/open.js';
import { runAlone, runPair } from '../run-pair.js';

const mechanism = (name: string, form: Mechanism): Contender => alone(`Node.js ${name}`, 'plain-node', form);

const mechanisms = [
  mechanism('pipe', 'pipe'),
  mechanism('named pipe', 'fifo'),
  mechanism('Unix socket', 'unix-socket'),
  mechanism('TCP socket', 'tcp'),
  mechanism('process.send', 'fork-message'),
  mechanism('postMessage', 'worker-message'),
];

/** Node.js's own mechanisms on the same work. */
export const plainNode: readonly Case[] = [
  {
    name: 'plain-node-round-trip',
    title: 'Round trip of 32 bytes, beside the mechanisms of Node.js, two cores',
    figure: 'p50',
    unit: 'µs',
    more: false,
    contenders: [
      c('round_trip'),
      timeq('await', 'round-trip', 'async'),
      timeq('sendSync, receiveSync', 'round-trip', 'sync'),
      alone('Timeq shared memory, semaphores', 'shared-memory', 'async'),
      alone('Timeq shared memory, blocking semaphores', 'shared-memory', 'sync'),
      ...mechanisms,
    ],
    run: (contender, short) => {
      const pair = { roles: ['pong', 'ping'], cpus: 2, count: short ? 100 : 20_000, bytes: 32 } as const;
      return contender.alone === true ? runAlone(contender, 'round-trip', pair) : runPair(contender, pair);
    },
  },
  {
    name: 'plain-node-one-way',
    title: 'One way, 32 bytes, beside the mechanisms of Node.js, two cores',
    figure: 'perSecond',
    unit: 'messages/s',
    more: true,
    contenders: [
      c('one_way'),
      timeq('await send, for await', 'one-way', 'async'),
      timeq('trySend, receiveBatch', 'one-way', 'batch'),
      ...mechanisms,
    ],
    run: (contender, short) => {
      const pair = {
        roles: ['send', 'receive'],
        cpus: 2,
        count: short ? 500 : 200_000,
        bytes: 32,
      } as const;
      return contender.alone === true ? runAlone(contender, 'one-way', pair) : runPair(contender, pair);
    },
  },
  {
    name: 'plain-node-one-way-8k',
    title: 'One way, 8 KiB, beside the mechanisms of Node.js, two cores',
    figure: 'perSecond',
    unit: 'messages/s',
    more: true,
    contenders: [c('one_way'), timeq('await send, for await', 'one-way', 'async'), ...mechanisms],
    run: (contender, short) => {
      const pair = {
        roles: ['send', 'receive'],
        cpus: 2,
        count: short ? 100 : 50_000,
        bytes: 8192,
      } as const;
      return contender.alone === true ? runAlone(contender, 'one-way', pair) : runPair(contender, pair);
    },
  },
];
