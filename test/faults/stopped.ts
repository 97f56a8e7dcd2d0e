import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../helpers/deadline.js';
import { freshKey } from '../helpers/keys.js';
import type { RunningProcess } from '../helpers/process.js';
import { Askers } from './askers.js';
import type { Fault } from './fault.js';
import { endPeers, skipWithoutPeers, startPeers } from './peers.js';
import type { Random } from './random.js';
import { listeningServer, statusAt } from './servers.js';

/** For how long a process is stopped at most, in milliseconds: a reply is taken back when it is 2 s old. */
const LONGEST_STOP = 200;

async function stopFor(victim: RunningProcess, random: Random): Promise<void> {
  victim.kill('SIGSTOP');
  await delay(random.below(LONGEST_STOP));
  victim.kill('SIGCONT');
}

export const stopped: Fault = {
  name: 'stopped',
  title: 'a server or a client that is stopped for a while (SIGSTOP) goes on as if nothing had been',
  skip: skipWithoutPeers,
  async run(t, { random, long }) {
    const stops = long ? 500 : 20;
    const key = freshKey(t);
    const server = await listeningServer(t, key);
    const peers = await startPeers(t, key, { python: 2, perl: 2 });
    const askers = new Askers(t, key, 4);
    for (let stop = 0; stop < stops; stop++) {
      await stopFor(random.pick(server, ...peers), random);
      await delay(random.below(20));
    }
    const classic = await endPeers(peers);
    const timeq = await askers.end();
    assert.equal(classic.gone + timeq.gone, 0, 'somebody was told that the server is gone');
    assert.ok(classic.again <= (await statusAt(key)).lost.unread, 'a request or its reply was lost');
    server.kill('SIGTERM');
    assert.equal((await server.exit()).code, 0);
    return `${stops} stops of up to ${LONGEST_STOP} ms; ${classic.answered + timeq.answered} answered, 0 unanswered`;
  },
};

/** Those that end neither Node nor Python nor Perl; 64 is the one that interrupts waiting threads in Timeq. */
const HARMLESS = ['SIGWINCH', 'SIGCHLD', 'SIGURG', 'SIGCONT', 64] as const;

export const signalled: Fault = {
  name: 'signals',
  title: 'signals that arrive all the time keep nobody from being answered',
  skip: skipWithoutPeers,
  async run(t, { random, long }) {
    const signals = long ? 500_000 : 10_000;
    const key = freshKey(t);
    const server = await listeningServer(t, key);
    const peers = await startPeers(t, key, { python: 1, perl: 1 });
    const askers = new Askers(t, key, 2);
    for (let sent = 0; sent < signals; sent++) {
      process.kill(server.pid, random.pick<NodeJS.Signals | number>(...HARMLESS));
      if (sent % 50 === 0) await delay(1);
    }
    const before = askers.fates.answered;
    await until(() => askers.fates.answered > before, 'an answer after the signals');
    const classic = await endPeers(peers);
    const timeq = await askers.end();
    assert.equal(classic.gone + timeq.gone, 0, 'somebody was told that the server is gone');
    assert.ok(classic.again <= (await statusAt(key)).lost.unread, 'a request or its reply was lost');
    server.kill('SIGTERM');
    assert.equal((await server.exit()).code, 0);
    return `${signals} signals; ${classic.answered + timeq.answered} answered, 0 unanswered`;
  },
};
