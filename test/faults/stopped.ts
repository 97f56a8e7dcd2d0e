import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { hangMilliseconds, until } from '../helpers/deadline.js';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { startSnippet } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';
import { Askers } from './askers.js';
import type { Fault } from './fault.js';
import { endPeers, skipWithoutPeers, startPeers } from './peers.js';
import type { Random } from './random.js';
import { listeningServer, statusAt } from './servers.js';

/** How long a process is stopped at most, in milliseconds: the server takes a reply back after 2 s. */
const LONGEST_STOP = 200;

async function stopFor(victim: RunningProcess, random: Random): Promise<void> {
  victim.kill('SIGSTOP');
  await delay(random.below(LONGEST_STOP));
  victim.kill('SIGCONT');
}

export const stopped: Fault = {
  name: 'stopped',
  title: 'a server or a client that SIGSTOP stops for a while continues as before',
  skip: skipWithoutPeers,
  async run(t, { random, long }) {
    const stops = long ? 500 : 20;
    const key = freshKey(t);
    const server = await listeningServer(t, key);
    const classicPeers = await startPeers(t, key, { python: 2, perl: 2 });
    const timeqPeers = await startPeers(t, key, { timeq: 2 });
    // In this process, which is never stopped.
    const askers = new Askers(t, key, 2);
    for (let stop = 0; stop < stops; stop++) {
      await stopFor(random.pick(server, ...classicPeers, ...timeqPeers), random);
      await delay(random.below(20));
    }
    const classic = await endPeers(classicPeers);
    const timeq = await endPeers(timeqPeers);
    const beside = await askers.end(1);
    assert.equal(classic.gone + timeq.gone + beside.gone, 0, 'a client was told that the server is gone');
    const { lost } = await statusAt(key);
    assert.ok(classic.again + timeq.again <= lost.unread + lost.unsent, 'a request or its reply was lost');
    assert.equal((await server.killed('SIGTERM')).code, 0);
    return (
      `${stops} stops of up to ${LONGEST_STOP} ms; answered: ${classic.answered} to Python and Perl, ${timeq.answered} to ` +
      `Timeq's client, ${beside.answered} to one that was not stopped; 0 unanswered`
    );
  },
};

/** Sends requests, stops itself before it can read a reply, and reports how many timed out and whether a new one is answered. */
const sleeper = `
import { createInterface } from 'node:readline';
import { TimeClient } from '@timeq/time-client';
const [key, requests] = process.argv.slice(1).map(Number);
const client = TimeClient.connect(key);
// From now on it waits for replies, and takes none between two requests.
await client.now({ timeout: ${hangMilliseconds} });
console.log('ready');
for await (const line of createInterface(process.stdin)) {
  const asked = Array.from({ length: requests }, () => client.now({ timeout: 5000 }));
  // Requests made in one turn of the event loop are sent at its end.
  await null;
  process.kill(process.pid, 'SIGSTOP');
  const outcomes = await Promise.allSettled(asked);
  const late = outcomes.filter(({ reason }) => reason?.timedOut);
  for (const { reason } of outcomes) if (reason && !reason.timedOut) throw reason;
  // Also by this client: if its thread wakes up and the message is gone, the thread takes the next one.
  await client.now({ timeout: ${hangMilliseconds} });
  console.log('late', late.length);
}`;

export const stoppedForLong: Fault = {
  name: 'stopped-for-long',
  title:
    'replies to a client that is stopped until they are taken back are counted, and it is answered when it asks again',
  async run(t, { long }) {
    const stops = long ? 20 : 1;
    const requests = 8;
    const key = freshKey(t);
    const server = await listeningServer(t, key);
    const client = startSnippet(t, sleeper, [key, requests]);
    await client.waitFor('ready');
    let late = 0;
    for (let stop = 0; stop < stops; stop++) {
      client.write('ask\n');
      const takenBack = (stop + 1) * requests;
      await until(
        async () => (await statusAt(key)).lost.unread >= takenBack,
        'the removal of unread replies',
      );
      client.kill('SIGCONT');
      late += Number((await client.waitFor(/late (\d+)/))[1]);
    }
    const { lost } = await statusAt(key);
    assert.equal(late, stops * requests, 'a reply was there that had been taken back');
    assert.ok(late <= lost.unread, `${late} came too late, ${JSON.stringify(lost)}`);
    assert.equal(queueAt(key)?.['qnum'], 0);
    client.endInput();
    assert.equal((await client.exit()).code, 0);
    assert.equal((await server.killed('SIGTERM')).code, 0);
    return `${stops} stops until the replies to ${requests} requests were taken back; ${late} timed out, ${lost.unread} counted as taken back`;
  },
};

/** Signals that end neither Node nor Python nor Perl. Timeq interrupts its waiting threads with 64. */
const HARMLESS = ['SIGWINCH', 'SIGCHLD', 'SIGURG', 'SIGCONT', 64] as const;

export const signalled: Fault = {
  name: 'signals',
  title: 'every client gets its reply under a constant stream of signals',
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
    const timeq = await askers.end(1);
    assert.equal(classic.gone + timeq.gone, 0, 'a client was told that the server is gone');
    assert.ok(classic.again <= (await statusAt(key)).lost.unread, 'a request or its reply was lost');
    assert.equal((await server.killed('SIGTERM')).code, 0);
    return `${signals} signals; ${classic.answered + timeq.answered} answered, 0 unanswered`;
  },
};
