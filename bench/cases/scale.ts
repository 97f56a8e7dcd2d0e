import type { Case } from '../case.js';
import { compiled } from '../compile.js';
import { runner, runnerCase, type Figures, type Runner } from '../figures.js';
import { outputOf } from '../processes.js';
import { usageMissing, usageOf } from '../process-usage.js';
import { cAddressedServer, cServer, timeqServer, type TimeServer } from '../time-servers.js';
import { withServer } from '../with-server.js';

const COUNT = 40_000;
const SHORT_COUNT = 2000;
/** This many addressed requests fill a queue of 16 KiB, so that a blocking server has no room for its reply. */
const FILLS_QUEUE = 300;

/** The command of a client: for a key, a number of requests, and how many are in flight. */
type Load = (key: number, count: number, size: number) => (string | number)[];

/** The server's CPU time for each request, after as many requests to warm up. */
function perRequest(server: TimeServer, load: Load, size: number, short: boolean): Promise<Figures> {
  return withServer(server, async (key, pid) => {
    const count = Math.max(size, short ? SHORT_COUNT : COUNT);
    await outputOf(load(key, count, size));
    const before = usageOf([pid]);
    const { perSecond = Number.NaN } = await outputOf(load(key, count, size));
    return { cpuPerRequest: (usageOf([pid]).cpu - before.cpu) / count, perSecond };
  });
}

function sizes(
  server: TimeServer,
  what: string,
  load: Load,
  all: readonly number[],
  most = Infinity,
): Runner[] {
  const named = (size: number): string =>
    `${server.name}, ${size.toLocaleString('en-US')} ${size === 1 ? what.replace(/s$/, '') : what}`;
  return all.map((size) =>
    runner(named(size), (short) => perRequest(server, load, size, short), {
      baseline: named(all[0] ?? size),
      missing: () => (size > most ? 'server and clients would wait for each other for ever' : usageMissing()),
    }),
  );
}

function scaleCase(name: string, title: string, contenders: readonly Runner[]): Case {
  const head = { figure: 'cpuPerRequest', unit: 'µs', more: false, repetitions: 3 };
  return runnerCase({ name, title, ...head, columns: { perSecond: 'requests/s' } }, contenders);
}

const backlog: Load = (key, count, size) => [compiled('time_server'), 'ask', key, count, size];
const classic: Load = (key, count, size) => [compiled('many_clients'), 'classic', key, count, size];
const addressed: Load = (key, count, size) => [compiled('many_clients'), 'addressed', key, count, size];

const waiting = [1, 10, 100, 1000, 10_000];
const clients = [1, 10, 100, 1000];

/** Whether the server's cost of a request depends on their number. */
export const scales: readonly Case[] = [
  scaleCase('scale-waiting', 'CPU time per request of a time server, by the number of waiting requests', [
    ...sizes(cServer, 'waiting', backlog, waiting),
    ...sizes(timeqServer, 'waiting', backlog, waiting),
  ]),
  scaleCase('scale-classic', 'CPU time per classic request of a time server, by the number of clients', [
    ...sizes(cServer, 'clients', classic, clients),
    ...sizes(timeqServer, 'clients', classic, clients),
  ]),
  scaleCase('scale-addressed', 'CPU time per addressed request of a time server, by the number of clients', [
    ...sizes(cAddressedServer, 'clients', addressed, clients, FILLS_QUEUE),
    ...sizes(timeqServer, 'clients', addressed, clients),
  ]),
];
