import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { atEnd } from '../helpers/cleanup.js';

/** A way to a NATS server that can lose what the server sends. */
export interface LossyWay {
  readonly url: string;
  /** How many messages of subjects it has lost. */
  readonly lost: number;
  /** From now on nothing of the server arrives. */
  lose(): void;
  /** Breaks the connections; new ones lose nothing. */
  mend(): void;
}

export async function lossyWay(t: TestContext, server: string): Promise<LossyWay> {
  const { hostname, port } = new URL(server);
  const sockets = new Set<Socket>();
  let loses = false;
  let lost = '';
  const proxy = createServer((client) => {
    const behind = connect(Number(port), hostname);
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        behind.destroy();
      });
    }
    client.on('data', (bytes) => behind.write(bytes));
    behind.on('data', (bytes) => {
      if (loses) lost += bytes.toString('latin1');
      else client.write(bytes);
    });
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  atEnd(t, () => {
    breakAll();
    proxy.close();
  });
  return {
    url: `nats://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    get lost() {
      return lost.match(/^HMSG test\./gm)?.length ?? 0;
    },
    lose() {
      loses = true;
    },
    mend() {
      breakAll();
      loses = false;
    },
  };
}
