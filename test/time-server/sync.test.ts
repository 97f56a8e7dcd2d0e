import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { Liveness, MessageQueue } from '@timeq/mq-native';
import { buildReply, parseReply, TimeReplyWriter } from '@timeq/time-protocol';
import { atEnd } from '../helpers/cleanup.js';
import { compileProgram } from '../helpers/compiled.js';
import { temporaryFolder } from '../helpers/folder.js';
import { freshKey } from '../helpers/keys.js';
import { bin, runNode, startNode } from '../helpers/node.js';
import { run, start } from '../helpers/process.js';
import { trackQueue } from '../helpers/tracking.js';
import { ask, openQueue, ownServer } from './server.js';
import { nextRequest } from '../time-client/support.js';

const isLinux = process.platform === 'linux';

/** What the kernel says, by a program of its own. */
const READER = `
#include <stdio.h>
#include <sys/timex.h>
int main(void) {
  struct timex clock = {0};
  int state = adjtimex(&clock);
  printf("%d %ld %ld %d\\n", state, clock.maxerror, clock.esterror, clock.tai);
}`;

/** Runs a program to which the kernel refuses adjtimex and clock_adjtime with EPERM, as in containers. */
const JAIL = `
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int count, char **words) {
  (void)count;
  struct sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_adjtimex, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clock_adjtime, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog filter = {sizeof rules / sizeof rules[0], rules};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter)) return 2;
  execv(words[1], words + 1);
  return 3;
}`;

function compiled(t: Parameters<typeof compileProgram>[0], source: string): string {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'program.c'), source);
  return compileProgram(t, join(folder, 'program.c'));
}

test(
  'replies carry what the kernel says of the clock',
  { skip: !isLinux && 'adjtimex is Linux’s' },
  async (t) => {
    const reader = compiled(t, READER);
    const { key } = await ownServer(t);
    const before = await run(t, reader, []);
    const reply = await ask(openQueue(t, key));
    const [, maxError = 0, , tai = 0] = before.stdout.trim().split(' ').map(Number);
    assert.ok(reply.kind === 'time' && reply.sync !== undefined);
    const { synchronised, maxErrorNs, taiOffset } = reply.sync;
    assert.equal(synchronised, maxError < 16_000_000);
    assert.equal(maxErrorNs === undefined, !synchronised);
    // It grows by half a millisecond a second, until the clock is set right again.
    if (maxErrorNs !== undefined) assert.ok(Math.abs(maxErrorNs - maxError * 1000) < 1e9);
    assert.equal(taiOffset ?? 0, tai);
    const { stdout } = await runNode(t, [bin('time-client'), '--key', String(key), 'status', '--json']);
    assert.equal((JSON.parse(stdout) as { sync: { synchronised: boolean } }).sync.synchronised, synchronised);
    const text = await runNode(t, [bin('time-client'), '--key', String(key), 'status']);
    assert.match(
      text.stdout,
      synchronised ? /its clock is synchronised, (?:±|\+\/-)/ : /its clock is not synchronised/,
    );
  },
);

test(
  'where the kernel refuses to tell, that is said',
  { skip: !isLinux && 'seccomp is Linux’s' },
  async (t) => {
    const jail = compiled(t, JAIL);
    const key = freshKey(t);
    const server = start(t, jail, [process.execPath, bin('time-server'), '--key', String(key)]);
    await server.waitFor(/listening/);
    const reply = await ask(openQueue(t, key));
    assert.ok(reply.kind === 'time');
    assert.deepEqual(reply.sync, { synchronised: null, unreadable: 'EPERM' });
    const { stdout } = await runNode(t, [bin('time-client'), '--key', String(key), 'status']);
    assert.match(stdout, /the server cannot read how right its clock is \(EPERM\), as in a container/);
  },
);

test('status tells a person what another server says of its clock', async (t) => {
  const key = freshKey(t);
  const queue = trackQueue(t, MessageQueue.create(key));
  const liveness = Liveness.claim(key, { mode: 0o600 });
  atEnd(t, () => liveness.release());
  const sync = {
    synchronised: true,
    maxErrorNs: 12_100_000,
    estimatedErrorNs: 400_000,
    leapSecond: 'insert',
    taiOffset: 37,
    unreadable: '\u001b[31m',
  };
  const options = { env: { LC_ALL: 'C.UTF-8' } };
  const client = startNode(t, [bin('time-client'), '--key', String(key), 'status'], options);
  const { id, replyTo } = await nextRequest(queue);
  await queue.send(replyTo, JSON.stringify({ timeq: 1, id, status: {}, received: '1', sent: '2', sync }));
  const { stdout } = await client.exit();
  assert.match(
    stdout,
    /its clock is synchronised, ±12\.1 ms, probably ±400 µs, 37 s behind TAI, with a leap second to insert at/,
  );
  assert.ok(!stdout.includes('\u001b'));
});

test('a reply is written and read the same with and without the state of the clock, in one second', () => {
  const writer = new TimeReplyWriter();
  const sent = 1_795_165_740_000_000_000n;
  const states = [
    undefined,
    { synchronised: false },
    { synchronised: true, maxErrorNs: 5, taiOffset: 37 },
    { synchronised: null, unreadable: 'EPERM' },
  ] as const;
  for (const state of [...states, ...states]) {
    const reply = { kind: 'time', id: 1, time: sent, received: sent, sent, asctime: 'then' } as const;
    const whole = state === undefined ? reply : { ...reply, sync: state };
    const body = writer.write(1, sent, sent, 'then', state);
    assert.equal(Buffer.from(body ?? []).toString(), Buffer.from(buildReply(whole)).toString());
    assert.deepEqual(parseReply(body ?? Buffer.of()), whole);
    assert.deepEqual(parseReply(Buffer.concat([Buffer.from(' '), body ?? Buffer.of()])), whole);
  }
});

test('what is no state of a clock is passed over', () => {
  const head = '{"timeq":1,"id":1,"time":"1795165740000000000","received":"1795165740000000000"';
  for (const sync of ['null', '7', '{}', '{"synchronised":1}', '[true]', '{"a":{}}']) {
    const body = Buffer.from(`${head},"sent":"1795165740000000000","asctime":"x","sync":${sync}}`);
    const reply = parseReply(body);
    assert.ok(reply?.kind === 'time', sync);
    assert.equal(reply.sync, undefined, sync);
  }
});

test('a server with another clock tells the state of its machine’s', async (t) => {
  const { key } = await ownServer(t, ['--clock', 'offset:+1h']);
  const reply = await ask(openQueue(t, key));
  assert.ok(reply.kind === 'time' && reply.sync !== undefined);
  assert.equal(reply.clock?.name, 'offset:+1h');
});
