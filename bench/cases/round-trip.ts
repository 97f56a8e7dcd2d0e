import type { Case } from '../case.js';
import { c, peers, timeq } from '../contender.js';
import { runPair } from '../run-pair.js';

const contenders = [
  c('round_trip'),
  timeq('await', 'round-trip', 'async'),
  timeq('await, no polling', 'round-trip', 'waiter'),
  timeq('sendSync, receiveSync', 'round-trip', 'sync'),
  ...peers('round_trip'),
];

function roundTrip(name: string, title: string, cpus: 1 | 2): Case {
  return {
    name,
    title: `Round trip of 32 bytes, two processes, ${title}`,
    figure: 'p50',
    unit: 'µs',
    more: false,
    contenders,
    run: (contender, short) =>
      runPair(contender, { roles: ['pong', 'ping'], cpus, count: short ? 100 : 20_000, bytes: 32 }),
  };
}

export const roundTrips: readonly Case[] = [
  roundTrip('round-trip-2', 'two cores', 2),
  roundTrip('round-trip-1', 'one core', 1),
];
