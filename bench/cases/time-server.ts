import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Case } from '../case.js';
import { compiled } from '../compile.js';
import type { Contender } from '../contender.js';
import { cServer, pythonServer, timeqServer, type TimeServer } from '../time-servers.js';

const CPUS = '0,1';
const PYTHON_CLIENTS = 8;
/** What a server answers before it is measured: a script has been compiled by then. */
const WARM_UP = 300_000;
const WARM_UP_IN_FLIGHT = 8;
const SHORT_COUNT = 500;

const clientScript = fileURLToPath(new URL('../programs/time-client.js', import.meta.url));
const pythonClient = fileURLToPath(new URL('../../programs/classic_client.py', import.meta.url));

type Figures = Record<string, number>;

/** Runs `ask` against a server of its own that has got going. */
async function withServer(
  server: TimeServer,
  short: boolean,
  ask: (key: number) => Promise<Figures>,
): Promise<Figures> {
  const key = randomInt(1, 0x7fff_ffff);
  const stop = await server.start(key, CPUS);
  try {
    await output([compiled('time_server'), 'ask', key, short ? SHORT_COUNT : WARM_UP, WARM_UP_IN_FLIGHT]);
    return await ask(key);
  } finally {
    await stop();
  }
}

async function output(command: readonly (string | number)[]): Promise<Figures> {
  const child = spawn('taskset', ['-c', CPUS, ...command].map(String), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout)) as Figures;
}

function contender(server: TimeServer, name: string): Contender & { readonly server: TimeServer } {
  return { name, server, command: () => [], missing: () => undefined };
}

function inFlight(requests: number): Case {
  const contenders = [
    contender(cServer, 'C'),
    contender(timeqServer, 'Timeq, same C client'),
    contender(timeqServer, 'Timeq, addressed'),
  ];
  return {
    name: `time-server-${requests}`,
    title: `Time server, one client process, ${requests === 1 ? 'one request' : `${requests} requests`} in flight`,
    figure: 'perSecond',
    unit: 'requests/s',
    more: true,
    contenders,
    run: (each, short) => {
      const count = short ? SHORT_COUNT : requests === 1 ? 200_000 : 1_000_000;
      const { server } = contenders.find(({ name }) => name === each.name) ?? { server: cServer };
      const client =
        each === contenders[2] ? [process.execPath, clientScript] : [compiled('time_server'), 'ask'];
      return withServer(server, short, (key) => output([...client, key, count, requests]));
    },
  };
}

/** All of them, from the first that began to the last that ended. */
async function pythonClients(key: number, count: number): Promise<Figures> {
  const clients = Array.from({ length: PYTHON_CLIENTS }, () =>
    output(['/usr/bin/python3', pythonClient, key, count]),
  );
  const times = await Promise.all(clients);
  const start = Math.min(...times.map((time) => time['start'] ?? Number.NaN));
  const end = Math.max(...times.map((time) => time['end'] ?? Number.NaN));
  return { perSecond: (PYTHON_CLIENTS * count) / (end - start) };
}

const servers = [contender(cServer, 'C'), contender(timeqServer, 'Timeq'), contender(pythonServer, 'Python')];

export const timeServers: readonly Case[] = [
  inFlight(1),
  inFlight(8),
  inFlight(128),
  {
    name: 'time-server-python',
    title: `Time server, ${PYTHON_CLIENTS} classic Python clients`,
    figure: 'perSecond',
    unit: 'requests/s',
    more: true,
    contenders: servers,
    run: (each, short) => {
      const server = servers.find(({ name }) => name === each.name)?.server ?? cServer;
      return withServer(server, short, (key) => pythonClients(key, short ? 50 : 20_000));
    },
  },
];
