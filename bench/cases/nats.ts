import { fileURLToPath } from 'node:url';
import type { Case } from '../case.js';
import { runner, runnerCase, type Figures } from '../figures.js';
import { natsMissing as missing, withNats } from '../jetstream.js';
import { outputOf, startProgram } from '../processes.js';
import { timeqServer } from '../time-servers.js';
import { withServer } from '../with-server.js';

const cli = fileURLToPath(new URL('../../../packages/time-server/bin/time-server.js', import.meta.url));
const queueClient = fileURLToPath(new URL('../programs/time-client.js', import.meta.url));
const natsClient = fileURLToPath(new URL('../programs/nats-client.js', import.meta.url));

/** A time server at a NATS server of its own. */
function overNats(ask: (url: string) => Promise<Figures>): Promise<Figures> {
  return withNats([], async (url) => {
    const server = startProgram([process.execPath, cli, '--nats-only', '--server', url]);
    try {
      await server.line();
      return await ask(url);
    } finally {
      server.kill();
      await server.ended();
    }
  });
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
