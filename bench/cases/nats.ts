import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Case } from '../case.js';
import { onCpus } from '../cpus.js';
import { runner, runnerCase, type Figures } from '../figures.js';
import { own } from '../leftovers.js';
import { outputOf, startProgram } from '../processes.js';
import { timeqServer } from '../time-servers.js';
import { withServer } from '../with-server.js';

const cli = fileURLToPath(new URL('../../../packages/time-server/bin/time-server.js', import.meta.url));
const queueClient = fileURLToPath(new URL('../programs/time-client.js', import.meta.url));
const natsClient = fileURLToPath(new URL('../programs/nats-client.js', import.meta.url));

function missing(): string | undefined {
  return spawnSync('nats-server', ['--version']).status === 0 ? undefined : 'nats-server is not installed';
}

/** A nats-server on a port that it chooses, and a time server there. */
async function overNats(ask: (url: string) => Promise<Figures>): Promise<Figures> {
  const command = ['nats-server', '-a', '127.0.0.1', '-p', -1];
  const nats = own(spawn(...onCpus(2, command), { stdio: ['ignore', 'ignore', 'pipe'] }));
  let log = '';
  nats.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  while (!log.includes('Server is ready')) await once(nats.stderr, 'data');
  const url = `nats://127.0.0.1:${/connections on 127\.0\.0\.1:(\d+)/.exec(log)?.[1] ?? ''}`;
  const server = startProgram([process.execPath, cli, '--nats-only', '--server', url]);
  try {
    await server.line();
    return await ask(url);
  } finally {
    server.kill();
    await server.ended();
    nats.kill();
  }
}

function inFlight(requests: number): Case {
  const count = (short: boolean): number => (short ? 100 : requests === 1 ? 20_000 : 200_000);
  const form = (name: string): ((short: boolean) => Promise<Figures>) => {
    return (short) =>
      overNats((url) => outputOf([process.execPath, natsClient, url, name, count(short), requests]));
  };
  return runnerCase(
    {
      name: `nats-${requests}`,
      title: `Time server over NATS, one client process, ${requests === 1 ? 'one request' : `${requests} requests`} in flight`,
      figure: 'perSecond',
      unit: 'requests/s',
      more: true,
    },
    [
      runner('request() of the NATS client', form('request'), { missing }),
      runner('Timeq over NATS', form('timeq'), { missing }),
      runner('Timeq on a queue', (short) =>
        withServer(timeqServer, (key) =>
          outputOf([process.execPath, queueClient, key, count(short), requests]),
        ),
      ),
    ],
  );
}

/** The cost of requests over the network. */
export const natsCases: readonly Case[] = [inFlight(1), inFlight(128)];
