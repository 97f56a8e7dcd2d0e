import assert from 'node:assert/strict';
import { TimeClient } from '@timeq/time-client';
import { skipWithout } from '../helpers/foreign.js';
import { hangMilliseconds } from '../helpers/deadline.js';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { start } from '../helpers/process.js';
import type { Fault } from './fault.js';
import { listeningServer, statusAt } from './servers.js';

/** One process for each client. Each prints one line for each reply, in a single write. */
const perl = `
use strict; use POSIX ();
my ($key, $clients, $requests) = @ARGV;
my $queue = msgget($key, 0) // die;
pipe(my $start, my $go) or die;
for (1 .. $clients) {
  next if fork() // die "fork: $!";
  close $go; sysread($start, my $nothing, 1);
  my $reply;
  for (1 .. $requests) {
    msgsnd($queue, pack("l! a*", 1, ""), 0) or die "msgsnd: $!";
    msgrcv($queue, $reply, 64, 3, 0) or die "msgrcv: $!";
    syswrite(STDOUT, substr($reply, 8) . "\\n");
  }
  POSIX::_exit(0);
}
close $start; close $go;
1 while wait() != -1;
print "done\\n";`;

export const crowd: Fault = {
  name: 'crowd',
  title: 'the server answers 500 classic clients that ask at once',
  skip: () => skipWithout('perl'),
  async run(t, { long }) {
    const clients = 500;
    const requests = long ? 200 : 4;
    const key = freshKey(t);
    const server = await listeningServer(t, key);
    const peers = start(t, 'perl', ['-e', perl, String(key), String(clients), String(requests)]);
    await peers.waitFor('done');
    const { code, stdout, stderr } = await peers.exit();
    assert.equal(code, 0, stderr);
    assert.equal(stderr, '');
    const answers = stdout
      .split('\n')
      .filter((line) => /^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/.test(line));
    assert.equal(answers.length, clients * requests);
    assert.equal(queueAt(key)?.['qnum'], 0);
    assert.equal((await server.killed('SIGTERM')).code, 0);
    return `${clients} processes, ${answers.length} requests, 0 unanswered`;
  },
};

export const inFlight: Fault = {
  name: 'in-flight',
  title: 'the server answers 10,000 addressed requests that are under way at once',
  async run(t, { long }) {
    const requests = 10_000;
    const rounds = long ? 20 : 1;
    const key = freshKey(t);
    const server = await listeningServer(t, key);
    using client = TimeClient.connect(key, { timeout: hangMilliseconds });
    let unanswered = 0;
    for (let round = 0; round < rounds; round++) {
      const outcomes = await Promise.allSettled(Array.from({ length: requests }, () => client.now()));
      unanswered += outcomes.filter(({ status }) => status === 'rejected').length;
    }
    const { lost } = await statusAt(key);
    // The server takes replies back from a client that does not run for two seconds, but it counts each of them.
    assert.ok(unanswered <= lost.unread + lost.unsent, `${unanswered} unanswered, ${JSON.stringify(lost)}`);
    assert.equal(queueAt(key)?.['qnum'], 0);
    assert.equal((await server.killed('SIGTERM')).code, 0);
    return `${rounds} times ${requests} at once, ${unanswered} unanswered; ${lost.unread + lost.unsent} replies came too late for a client that stood still`;
  },
};
