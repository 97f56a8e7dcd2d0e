import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Case } from '../case.js';
import { compiled } from '../compile.js';
import { runner, runnerCase, type Figures } from '../figures.js';
import { newQueue } from '../leftovers.js';
import { outputOf, startProgram } from '../processes.js';
import { usageMissing, usageOf } from '../process-usage.js';
import { cServer, timeqServer, type TimeServer } from '../time-servers.js';
import { withServer } from '../with-server.js';

const PER_SECOND = 100;
const WARM_UP = 3000;

const consumer = fileURLToPath(new URL('../programs/crowd.js', import.meta.url));
const pacedClient = fileURLToPath(new URL('../programs/paced-client.js', import.meta.url));

const pacedTimer = fileURLToPath(new URL('../programs/paced-timer.js', import.meta.url));

const missing = usageMissing;
const messages = (short: boolean): number => (short ? 10 : 4 * PER_SECOND);

/** The CPU time of an idle process, after some time to become idle. */
export async function idle(pid: number, short: boolean): Promise<Figures> {
  await delay(short ? 100 : 3000);
  const before = usageOf([pid]);
  const start = performance.now();
  await delay(short ? 100 : 5000);
  const after = usageOf([pid]);
  const seconds = (performance.now() - start) / 1000;
  return {
    wakeUps: (after.sleeps - before.sleeps) / seconds,
    cpu: (after.cpu - before.cpu) / seconds / 10_000,
  };
}

async function ask(key: number, count: number): Promise<void> {
  await outputOf([compiled('time_server'), 'ask', key, count, 1]);
}

/** A server that has answered requests, so that its work after requests is included. */
function idleServer(server: TimeServer, short: boolean): Promise<Figures> {
  return withServer(server, async (key, pid) => {
    await ask(key, 100);
    return await idle(pid, short);
  });
}

async function idleReceive(short: boolean): Promise<Figures> {
  const { key, queue } = newQueue();
  const receiver = startProgram([process.execPath, consumer, 'async', key, 1]);
  try {
    await receiver.line();
    return await idle(receiver.pid, short);
  } finally {
    queue.remove();
    await receiver.ended();
  }
}

function paced(server: TimeServer, command: (string | number)[], short: boolean): Promise<Figures> {
  return withServer(server, async (key, pid) => {
    await ask(key, WARM_UP);
    return await outputOf([...command, key, PER_SECOND, messages(short), pid]);
  });
}

const classicOf = (server: TimeServer, short: boolean): Promise<Figures> =>
  paced(server, [compiled('paced_client')], short);

const timerAlone = (short: boolean): Promise<Figures> =>
  outputOf([process.execPath, pacedTimer, PER_SECOND, messages(short)]);

const addressed = (short: boolean): Promise<Figures> =>
  paced(timeqServer, [process.execPath, pacedClient], short);

/** The figure of the client or the server. */
async function share(of: 'client' | 'server', figures: Promise<Figures>): Promise<Figures> {
  return { share: (await figures)[of] ?? Number.NaN };
}

/** The CPU time of idle and almost idle processes. */
export const littleToDo: readonly Case[] = [
  runnerCase(
    {
      name: 'idle',
      title: 'An idle process that waits: wake-ups',
      figure: 'wakeUps',
      unit: '/s',
      more: false,
      repetitions: 3,
      columns: { cpu: '% of a core' },
    },
    [
      runner('C, server', (short) => idleServer(cServer, short), { missing }),
      runner('Timeq, server', (short) => idleServer(timeqServer, short), { missing }),
      runner('Timeq, a pending receive', idleReceive, { missing }),
    ],
  ),
  runnerCase(
    {
      name: 'hundred-a-second',
      title: `${PER_SECOND} requests a second: share of a core`,
      figure: 'share',
      unit: '% of a core',
      more: false,
      repetitions: 3,
    },
    [
      runner('C, server', (short) => share('server', classicOf(cServer, short)), { missing }),
      runner('C, client', (short) => share('client', classicOf(cServer, short)), { missing }),
      runner('Node.js, a timer alone', (short) => share('client', timerAlone(short)), { missing }),
      runner('Timeq, server of classic requests', (short) => share('server', classicOf(timeqServer, short)), {
        missing,
      }),
      runner('Timeq, server of addressed requests', (short) => share('server', addressed(short)), {
        missing,
      }),
      runner('Timeq, client', (short) => share('client', addressed(short)), { missing }),
    ],
  ),
];
