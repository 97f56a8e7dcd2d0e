import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { hangMilliseconds, until } from '../helpers/deadline.js';
import { skipWithout, startPeer } from '../helpers/foreign.js';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { startSnippet } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';
import type { Fault } from './fault.js';
import { listeningServer, statusAt } from './servers.js';

/** Requests at once, and then a second, of the client that never reads. */
const BURST = 600;
const RATE = 120;
/** The longest request of another client, in milliseconds. */
const LONGEST = 500;
/** On a busy machine: how often as long as without the client that never reads. */
const RATIO = 20;

/** Asks at a new type each time and reads no reply, until SIGTERM. */
const flood = `
use strict; use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC usleep);
$| = 1;
my ($key, $burst, $rate) = @ARGV; my ($over, $asked) = (0, 0);
$SIG{TERM} = sub { $over = 1 };
my $queue = msgget($key, 0) // die "msgget: $!";
sub ask {
  my $body = sprintf '{"timeq":1,"id":%d,"replyTo":%d}', $asked, 2 ** 41 + $asked;
  if (msgsnd($queue, pack("l! a*", 1, $body), 0)) { $asked++ } elsif (!$over) { die "msgsnd: $!" }
}
ask() while $asked < $burst && !$over;
print "the burst is sent\\n";
my $next = clock_gettime(CLOCK_MONOTONIC);
until ($over) {
  ask();
  $next += 1 / $rate;
  my $left = $next - clock_gettime(CLOCK_MONOTONIC);
  usleep(1e6 * $left) if $left > 0;
}
print "asked $asked\\n";`;

/** A classic client, which measures each of its requests until SIGTERM. */
const perl = `
use strict; use Errno qw(EINTR); use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC usleep);
$| = 1;
my ($key, $patience) = @ARGV; my ($over, $answered, $longest) = (0, 0, 0);
$SIG{TERM} = sub { $over = 1 };
$SIG{ALRM} = sub { die "no reply within $patience s\\n" };
my $queue = msgget($key, 0) // die "msgget: $!";
sub insist { my ($call) = @_; until ($call->()) { die "client: $!" unless $! == EINTR } }
print "ready\\n";
until ($over) {
  alarm $patience;
  my $since = clock_gettime(CLOCK_MONOTONIC); my $reply;
  insist(sub { msgsnd($queue, pack("l! a*", 1, ""), 0) });
  insist(sub { msgrcv($queue, $reply, 64, 3, 0) });
  my $took = clock_gettime(CLOCK_MONOTONIC) - $since;
  $longest = $took if $took > $longest;
  $answered++;
  usleep(2000);
}
printf "answered %d longest %.1f\\n", $answered, 1000 * $longest;`;

/** The same with Timeq's client. */
const timeq = `
import { setTimeout as delay } from 'node:timers/promises';
import { TimeClient } from '@timeq/time-client';
const [key, patience] = process.argv.slice(1).map(Number);
let [over, answered, longest] = [false, 0, 0];
process.once('SIGTERM', () => (over = true));
const client = TimeClient.connect(key, { timeout: 1000 * patience });
console.log('ready');
while (!over) {
  const since = performance.now();
  await client.now();
  longest = Math.max(longest, performance.now() - since);
  answered += 1;
  await delay(2);
}
client.close();
console.log('answered', answered, 'longest', longest.toFixed(1));`;

/** The requests of all honest clients. */
interface Measured {
  readonly answered: number;
  /** In milliseconds. */
  readonly longest: number;
}

async function startHonest(t: TestContext, key: number): Promise<RunningProcess[]> {
  const patience = Math.ceil(hangMilliseconds / 1000);
  const clients = [1, 2].flatMap(() => [
    startPeer(t, 'perl', perl, [key, patience]),
    startSnippet(t, timeq, [key, patience]),
  ]);
  await Promise.all(clients.map((client) => client.waitFor('ready')));
  return clients;
}

/** Ends them after their present requests. */
async function endHonest(clients: readonly RunningProcess[]): Promise<Measured> {
  for (const client of clients) client.kill('SIGTERM');
  let [answered, longest] = [0, 0];
  for (const client of clients) {
    const match = await client.waitFor(/answered (\d+) longest ([\d.]+)/);
    assert.ok(Number(match[1]) > 0, 'a client was never answered');
    answered += Number(match[1]);
    longest = Math.max(longest, Number(match[2]));
  }
  return { answered, longest };
}

export const unread: Fault = {
  name: 'unread',
  title: 'the server answers all others soon while a client asks at ever new types and never reads',
  skip: () => skipWithout('perl'),
  async run(t, { long }) {
    const milliseconds = long ? 20_000 : 2000;
    const key = freshKey(t);
    const server = await listeningServer(t, key);
    const before = await startHonest(t, key);
    await delay(milliseconds);
    const calm = await endHonest(before);

    const honest = await startHonest(t, key);
    const stranger = startPeer(t, 'perl', flood, [key, BURST, RATE]);
    await stranger.waitFor('the burst is sent');
    await delay(milliseconds);
    const crowded = await endHonest(honest);
    stranger.kill('SIGTERM');
    const asked = Number((await stranger.waitFor(/asked (\d+)/))[1]);
    const limit = Math.max(LONGEST, RATIO * calm.longest);
    assert.ok(crowded.longest <= limit, `the longest request took ${crowded.longest} ms, of ${limit} ms`);

    const { lost } = await until(
      async () => {
        const status = await statusAt(key);
        return status.waiting === 0 && status.queue?.messages === 0 && status;
      },
      'the removal of unread replies',
      2 * hangMilliseconds,
    );
    assert.ok(lost.unread + lost.unsent >= asked, `${asked} were not read, ${JSON.stringify(lost)}`);
    assert.equal(queueAt(key)?.['qnum'], 0);
    assert.equal((await server.killed('SIGTERM')).code, 0);
    return (
      `${asked} requests whose replies were never read; ${crowded.answered} requests of four other clients, all answered, ` +
      `the longest in ${crowded.longest} ms (${calm.longest} ms of ${calm.answered} without the first client); ` +
      `${lost.unread} unread replies taken back, ${lost.unsent} dropped for want of room`
    );
  },
};
