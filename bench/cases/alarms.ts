import { fileURLToPath } from 'node:url';
import { wallClock } from '@timeq/mq-native';
import type { Case } from '../case.js';
import { compiled } from '../compile.js';
import { runner, runnerCase, type Figures } from '../figures.js';
import { outputOf } from '../processes.js';
import { timeqServer } from '../time-servers.js';
import { withServer } from '../with-server.js';

const COUNT = 1000;
const STEP_NS = 20_000_000;
/** Both programs have started by then. */
const AHEAD_NS = 2_000_000_000n;

const program = fileURLToPath(new URL('../programs/alarm-times.js', import.meta.url));

type Lateness = Readonly<Record<'c' | 'sent' | 'received', Figures>>;

/** A C program sleeps to the moments at which a server rings an alarm. */
function lateness(short: boolean): Promise<Lateness> {
  return withServer(timeqServer, async (key) => {
    const moments = [wallClock() + AHEAD_NS, STEP_NS, short ? 20 : COUNT].map(String);
    const [c, timeq] = await Promise.all([
      outputOf([compiled('alarm_times'), ...moments]),
      outputOf([process.execPath, program, key, ...moments]),
    ]);
    const { p50 = Number.NaN, p99 = Number.NaN, sentP50 = Number.NaN, sentP99 = Number.NaN } = timeq;
    return { c, sent: { p50: sentP50, p99: sentP99 }, received: { p50, p99 } };
  });
}

const of = (part: keyof Lateness) => async (short: boolean) => (await lateness(short))[part];

/** How late alarms ring, beside the kernel's own sleep to the same moments. */
export const alarms: readonly Case[] = [
  runnerCase(
    {
      name: 'alarms',
      title: 'An alarm every 20 ms: how late, 99th percentile',
      figure: 'p99',
      unit: 'ms',
      more: false,
      repetitions: 3,
      columns: { p50: 'median, ms' },
    },
    [
      runner('C, clock_nanosleep to the same moments', of('c')),
      runner('Timeq, sent by the server', of('sent')),
      runner('Timeq, received by the client', of('received')),
    ],
  ),
];
