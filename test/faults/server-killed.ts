import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageQueue } from '@timeq/mq-native';
import { queueAt, semaphoresAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import type { RunningProcess } from '../helpers/process.js';
import { Askers } from './askers.js';
import type { Fault } from './fault.js';
import { endPeers, skipWithoutPeers, startPeers } from './peers.js';
import { startServer, statusAt } from './servers.js';

/** A server is killed at most this many milliseconds after it began to listen, or was started. */
const LATEST_LISTENING = 100;
const LATEST_STARTING = 400;

/** How many requests to its dead predecessor a server reports as kept. */
async function adoptedBy(server: RunningProcess): Promise<number> {
  return Number((await server.waitFor(/kept (\d+) request/))[1]);
}

function requestsIn(key: number): number {
  if (queueAt(key) === undefined) return 0;
  using queue = MessageQueue.open(key);
  return [...queue.peekAll()].filter(({ type }) => type === 1).length;
}

export const serverKilled: Fault = {
  name: 'server-killed',
  title: 'a killed server leaves no blocked client and no reply behind, and its successor takes over',
  skip: skipWithoutPeers,
  async run(t, { random, long }) {
    const kills = long ? 500 : 8;
    const key = freshKey(t);
    const peers = await startPeers(t, key, { python: 3, perl: 3 });
    const askers = new Askers(t, key, 4);
    let starting = 0;
    let kept = 0;
    for (let kill = 0; kill < kills; kill++) {
      const server = startServer(t, key);
      if (kill > 0 && random.below(5) === 0) {
        starting += 1;
        await delay(random.below(LATEST_STARTING));
      } else {
        await server.waitFor(/listening on key/);
        if (kill > 0) kept += await adoptedBy(server);
        await delay(random.below(LATEST_LISTENING));
      }
      await server.end();
    }
    const left = requestsIn(key);
    const last = startServer(t, key);
    await last.waitFor(/listening on key/);
    const adopted = await adoptedBy(last);
    // Clients that had not sent yet may have added some.
    assert.ok(adopted >= left, `${left} requests were in the queue, and ${adopted} were kept`);
    const classic = await endPeers(peers);
    const timeq = await askers.end(1);
    // Only the last server lived long enough to take a reply back.
    assert.ok(classic.again <= (await statusAt(key)).lost.unread, 'a request or its reply was lost');
    assert.equal((await last.killed('SIGTERM')).code, 0);
    assert.equal(queueAt(key), undefined);
    assert.equal(semaphoresAt(key), undefined);
    return (
      `${kills} kills, ${starting} of them at the start; Python and Perl: ${classic.answered} answered, ${classic.gone} told ` +
      `that the server is gone; Timeq: ${timeq.answered} and ${timeq.gone}; ${kept + adopted} requests adopted; ` +
      `0 left without either, 0 queues and semaphores left`
    );
  },
};
