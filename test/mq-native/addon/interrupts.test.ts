import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { skipWithoutCommands } from '../../helpers/commands.js';
import { compileLibrary } from '../../helpers/compiled.js';
import { hangMilliseconds, until } from '../../helpers/deadline.js';
import { startSnippet } from '../../helpers/node.js';
import { untilBlocked } from '../../helpers/threads.js';
import { privateQueue } from '../queue.js';
import { privateSet } from '../semaphores/set.js';

/** An addon that takes signals for itself when it is loaded: all real-time ones, and the numbers in $TAKE. */
const taker = `
#include <node_api.h>
#include <signal.h>
#include <stdlib.h>

NAPI_MODULE_INIT() {
  (void)env;
  for (int number = SIGRTMIN; number <= SIGRTMAX; number++) signal(number, SIG_IGN);
  for (char *rest = getenv("TAKE"); rest != NULL && *rest != 0;) signal((int)strtol(rest, &rest, 10), SIG_IGN);
  return exports;
}`;

/** Waits in each way, ends each wait by its signal once told to, and says how each ended. */
const waits = `import { createRequire } from 'node:module';
  import { MessageQueue, SemaphoreSet } from '@timeq/mq-native';
  const [receiving, sending] = [1, 2].map((at) => MessageQueue.fromId(Number(process.argv[at])));
  const set = SemaphoreSet.fromId(Number(process.argv[3]));
  receiving.longestPoll = sending.longestPoll = 0;
  if (process.argv[4]) process.once('SIGUSR2', () => console.log('taken', createRequire(import.meta.url)(process.argv[4])));
  const controller = new AbortController();
  const { signal } = controller;
  const ends = [receiving.receive({ signal }), sending.send(1, 'late', { signal }), set.operate([{ delta: -1 }, { number: 1, delta: 1 }], { signal })];
  process.stdin.once('data', async () => {
    controller.abort();
    for (const end of ends) await end.catch(({ name, code }) => console.log(name === 'AbortError' ? name : code));
    console.log('all ended');
    process.stdin.once('data', () => process.exit(5));
  });
  console.log('waiting');`;

function objects(t: Parameters<typeof privateQueue>[0]) {
  const full = privateQueue(t, { maxBytes: 10 });
  full.sendSync(1, Buffer.alloc(10));
  return { empty: privateQueue(t), full, set: privateSet(t, { count: 2 }) };
}

async function untilAllWait(pid: number): Promise<void> {
  await untilBlocked('msgrcv', pid);
  await untilBlocked('msgsnd', pid);
  await untilBlocked('semtimedop', pid);
}

const skip = skipWithoutCommands('prlimit');

test('a user whose queue of signals is full can end waits', { skip }, async (t) => {
  const { empty, full, set } = objects(t);
  const program = startSnippet(t, waits, [empty.id, full.id, set.id]);
  await program.waitFor('waiting');
  await untilAllWait(program.pid);
  // As it is when another process of this user has used up what all of them share.
  const { status } = spawnSync('prlimit', ['--pid', String(program.pid), '--sigpending=0']);
  assert.equal(status, 0);
  program.write('abort\n');
  await program.waitFor('AbortError\nAbortError\nAbortError\nall ended\n');
  program.write('exit\n');
  assert.equal((await program.exit()).code, 5);
});

test(
  'the addon loads and ends waits where the queue of signals is full from the beginning',
  { skip },
  async (t) => {
    const { empty, full, set } = objects(t);
    const program = startSnippet(
      t,
      `import { execFileSync } from 'node:child_process';
    execFileSync('prlimit', ['--pid', String(process.pid), '--sigpending=0']);
    await import('data:text/javascript,' + encodeURIComponent(\`${waits.replaceAll('import.meta.url', '0')}\`.replaceAll(
      '@timeq/mq-native', import.meta.resolve('@timeq/mq-native'))));`,
      [empty.id, full.id, set.id],
    );
    await program.waitFor('waiting');
    await untilAllWait(program.pid);
    program.write('abort\n');
    await program.waitFor('AbortError\nAbortError\nAbortError\nall ended\n');
  },
);

test('if the queue of signals is full, synchronous calls still time out', { skip }, async (t) => {
  const { empty, full, set } = objects(t);
  const program = startSnippet(
    t,
    `import { execFileSync } from 'node:child_process';
    import { MessageQueue, SemaphoreSet } from '@timeq/mq-native';
    const [receiving, sending] = [1, 2].map((at) => MessageQueue.fromId(Number(process.argv[at])));
    const set = SemaphoreSet.fromId(Number(process.argv[3]));
    const calls = [
      () => receiving.receiveSync({ timeout: 20 }),
      () => sending.sendSync(1, 'late', { timeout: 20 }),
      () => set.operateSync([{ delta: -1 }], { timeout: 20 }),
    ];
    execFileSync('prlimit', ['--pid', String(process.pid), '--sigpending=0']);
    for (const call of calls) {
      try { call(); } catch ({ code }) { console.log(code); }
    }
    console.log(receiving.receiveSync({ timeout: ${hangMilliseconds} }).body.toString());`,
    [empty.id, full.id, set.id],
  );
  await program.waitFor('ETIMEDOUT\nETIMEDOUT\nETIMEDOUT\n');
  await untilBlocked('msgrcv', program.pid);
  empty.sendSync(1, 'in time');
  await program.waitFor('in time');
  assert.equal((await program.exit()).code, 0);
  assert.equal(full.stat().messages, 1);
});

test('a library that takes all real-time signals leaves waits that can be ended', async (t) => {
  const { empty, full, set } = objects(t);
  const program = startSnippet(t, waits, [empty.id, full.id, set.id, compileLibrary(t, taker)]);
  await program.waitFor('waiting');
  await untilAllWait(program.pid);
  program.kill('SIGUSR2');
  await program.waitFor('taken');
  program.write('abort\n');
  await program.waitFor('AbortError\nAbortError\nAbortError\nall ended\n');
});

test('if no signal is left at all, waits end with an error, and their later effects are undone', async (t) => {
  const { empty, full, set } = objects(t);
  const library = compileLibrary(t, taker);
  const program = startSnippet(t, waits, [empty.id, full.id, set.id, library], {
    // SIGURG, SIGSTKFLT and SIGIO of x86 and ARM.
    env: { TAKE: '23 16 29' },
  });
  await program.waitFor('waiting');
  await untilAllWait(program.pid);
  program.kill('SIGUSR2');
  await program.waitFor('taken');
  program.write('abort\n');
  await program.waitFor('AbortError\nEALREADY\nEALREADY\nall ended\n');
  empty.sendSync(7, 'for others');
  // What it adds goes at once to another one who waits, so that half of the operation can't be taken back.
  const taking = set.operate([{ number: 1, delta: -1 }]);
  await untilBlocked('semtimedop');
  set.tryOperate([{ delta: 1 }]);
  await untilBlocked('msgrcv', program.pid, 0);
  await untilBlocked('semtimedop', program.pid, 0);
  const message = await until(() => empty.tryReceive(), 'the return of the message');
  assert.deepEqual([message.type, message.body.toString()], [7, 'for others']);
  await until(() => set.value() === 1, 'the return of the permit');
  await taking;
  program.write('exit\n');
  assert.equal((await program.exit()).code, 5);
});

test('a worker whose waits can’t be ended ends all the same, and so does the process', async (t) => {
  const { empty, full, set } = objects(t);
  const program = startSnippet(
    t,
    `import { once } from 'node:events';
    import { createRequire } from 'node:module';
    import { Worker } from 'node:worker_threads';
    const worker = new Worker(\`
      import { MessageQueue, SemaphoreSet } from '@timeq/mq-native';
      import { parentPort, workerData } from 'node:worker_threads';
      const [receiving, sending] = workerData.slice(0, 2).map((id) => MessageQueue.fromId(id));
      receiving.longestPoll = sending.longestPoll = 0;
      receiving.receive();
      sending.send(1, 'late');
      SemaphoreSet.fromId(workerData[2]).operate([{ delta: -1 }]);
      parentPort.postMessage('waiting');\`,
      { eval: true, workerData: process.argv.slice(1, 4).map(Number) });
    await once(worker, 'message');
    console.log('waiting');
    await once(process.stdin, 'data');
    createRequire(import.meta.url)(process.argv[4]);
    await worker.terminate();
    console.log('terminated');
    await once(process.stdin, 'data');
    process.exit(5);`,
    [empty.id, full.id, set.id, compileLibrary(t, taker)],
    { env: { TAKE: '23 16 29' } },
  );
  await program.waitFor('waiting');
  await untilAllWait(program.pid);
  program.write('terminate\n');
  await program.waitFor('terminated');
  empty.sendSync(7, 'for others');
  // The thread, whose worker is gone and with it all that used the addon, takes it and gives it back.
  await untilBlocked('msgrcv', program.pid, 0);
  const message = await until(() => empty.tryReceive(), 'the return of the message');
  assert.equal(message.body.toString(), 'for others');
  program.write('exit\n');
  assert.equal((await program.exit()).code, 5);
});
