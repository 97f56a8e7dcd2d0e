import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { skipWithout } from '../helpers/foreign.js';
import { hangMilliseconds, until } from '../helpers/deadline.js';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { startSnippet } from '../helpers/node.js';
import { start, type RunningProcess } from '../helpers/process.js';
import { Askers } from './askers.js';
import type { Fault } from './fault.js';
import type { Random } from './random.js';
import { listeningServer, statusAt } from './servers.js';

/** A client is killed at most this many milliseconds after its first request. */
const LATEST = 30;
const AT_ONCE = 10;

/** Sends requests for ever and reads half of the replies, so that some are under way whenever it dies. */
const perl = `
use strict; $| = 1;
my $queue = msgget($ARGV[0], 0) // die; my $reply;
print "asking\\n";
for (my $n = 0; ; $n++) {
  msgsnd($queue, pack("l! a*", 1, "x" x ($n % 50)), 0);
  msgrcv($queue, $reply, 64, 3, 0) if $n % 2;
  select(undef, undef, undef, 0.002);
}`;

const timeq = `
import { TimeClient } from '@timeq/time-client';
const client = TimeClient.connect(Number(process.argv[1]));
console.log('asking');
for (;;) await Promise.all([client.now(), client.now(), client.status()]);`;

function startVictim(t: TestContext, key: number, random: Random): RunningProcess {
  // Node takes ten times as long to start, so only one client in five uses it.
  return random.below(5) === 0 ? startSnippet(t, timeq, [key]) : start(t, 'perl', ['-e', perl, String(key)]);
}

async function liveAndDie(t: TestContext, key: number, random: Random): Promise<void> {
  const victim = startVictim(t, key, random);
  await victim.waitFor('asking');
  await delay(random.below(LATEST));
  await victim.end();
}

export const clientKilled: Fault = {
  name: 'client-killed',
  title:
    'the server answers other clients when clients are killed, and removes the replies to the killed ones',
  skip: () => skipWithout('perl'),
  async run(t, { random, long }) {
    const kills = long ? 1000 : 30;
    const key = freshKey(t);
    const server = await listeningServer(t, key);
    const honest = new Askers(t, key, 2);
    for (let killed = 0; killed < kills; killed += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, () => liveAndDie(t, key, random)));
    }
    const fates = await honest.end(1);
    assert.equal(fates.gone, 0, 'the server went away');
    await until(() => queueAt(key)?.['qnum'] === 0, 'the removal of unread replies', 2 * hangMilliseconds);
    const { lost, served } = await statusAt(key);
    assert.equal((await server.killed('SIGTERM')).code, 0);
    return (
      `${kills} kills; ${served.classic + served.addressed + served.status} requests answered, ${fates.answered} of them ` +
      `to clients that lived, all of theirs; ${lost.unread} unread replies taken back, 0 left in the queue`
    );
  },
};
