import { fileURLToPath } from 'node:url';
import type { Case } from '../case.js';
import { compiled } from '../compile.js';
import { python, sysvIpcMissing, type Contender } from '../contender.js';
import type { Figures } from '../figures.js';
import { outputOf } from '../processes.js';
import { cServer, pythonServer, timeqServer, type TimeServer } from '../time-servers.js';
import { withServer } from '../with-server.js';

const PYTHON_CLIENTS = 8;
/** How many requests warm up a server, until V8 has compiled it. */
const WARM_UP = 300_000;
const WARM_UP_IN_FLIGHT = 8;
const SHORT_COUNT = 100;

const clientScript = fileURLToPath(new URL('../programs/time-client.js', import.meta.url));
const pythonClient = fileURLToPath(new URL('../../programs/classic_client.py', import.meta.url));

/** Runs `ask` against a new, warmed-up server. */
function ofServer(
  server: TimeServer,
  short: boolean,
  ask: (key: number) => Promise<Figures>,
): Promise<Figures> {
  return withServer(server, async (key) => {
    await outputOf([compiled('time_server'), 'ask', key, short ? SHORT_COUNT : WARM_UP, WARM_UP_IN_FLIGHT]);
    return await ask(key);
  });
}

function contender(
  server: TimeServer,
  name: string,
  missing: () => string | undefined = () => undefined,
): Contender & { readonly server: TimeServer } {
  return { name, server, command: () => [], missing };
}

function inFlight(requests: number): Case {
  const contenders = [
    contender(cServer, 'C'),
    contender(timeqServer, 'Timeq server, C client'),
    contender(timeqServer, 'Timeq server, Timeq client'),
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
      return ofServer(server, short, (key) => outputOf([...client, key, count, requests]));
    },
  };
}

/** All clients together, from the first start to the last end. */
async function pythonClients(key: number, count: number): Promise<Figures> {
  const clients = Array.from({ length: PYTHON_CLIENTS }, () => outputOf([python, pythonClient, key, count]));
  const times = await Promise.all(clients);
  const start = Math.min(...times.map((time) => time['start'] ?? Number.NaN));
  const end = Math.max(...times.map((time) => time['end'] ?? Number.NaN));
  return { perSecond: (PYTHON_CLIENTS * count) / (end - start) };
}

// Every server gets the same Python clients.
const servers = [
  contender(cServer, 'C', sysvIpcMissing),
  contender(timeqServer, 'Timeq server', sysvIpcMissing),
  contender(pythonServer, 'Python server', sysvIpcMissing),
];

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
      return ofServer(server, short, (key) => pythonClients(key, short ? 20 : 20_000));
    },
  },
];
