import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { MessageQueue, SemaphoreSet } from '@timeq/mq-native';
import { queueAt, semaphoresAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { bin, root, runNode, runSnippet, specifier, startSnippet } from '../helpers/node.js';
import type { Exit, RunningProcess } from '../helpers/process.js';
import { skipWithoutPower } from '../helpers/users.js';
import { ASCTIME, askClassic, makeQueue, openQueue, ownServer, startServer } from './server.js';

/** Without that power it could not remove what the others make, either. */
const asRoot = { skip: skipWithoutPower() };

const MALLORY = 54321;
const ALICE = 54322;

/** The code is loaded first, as long as the process may read the files. */
const become = (uid: number): string => `
  import { main } from ${specifier(`${root}packages/time-server/dist/cli/main.js`)};
  import * as mq from '@timeq/mq-native';
  process.setgroups([]);
  process.setgid(${uid});
  process.setuid(${uid});
  const [key, ...options] = process.argv.slice(1);`;

const serve = `process.exitCode = await main(['--key', key, ...options]);`;
const raise = `{ count: 1, mode: 0o644 });
  set.tryOperate([{ delta: 0 }, { delta: 1, undo: true }]);`;
const holdSemaphore = `const set = mq.SemaphoreSet.openOrCreate(Number(key), ${raise}
  process.on('SIGTERM', () => console.log('was asked to end'));
  process.on('SIGWINCH', () => console.log('is there'));
  console.log('holds it');
  setInterval(() => undefined, 1000);`;

/** Does something as another user, to its end. */
async function as(t: TestContext, uid: number, source: string, key: number): Promise<void> {
  const { code, stderr } = await runSnippet(t, become(uid) + source, [key]);
  assert.equal(code, 0, stderr);
}

/** A queue that another user makes at the key before the server comes. */
function plant(t: TestContext, key: number, uid = MALLORY, more = ''): Promise<void> {
  return as(t, uid, `const queue = mq.MessageQueue.create(Number(key), { mode: 0o666 });\n${more}`, key);
}

async function runServer(t: TestContext, key: number, ...options: string[]): Promise<Exit> {
  return await runNode(t, [bin('time-server'), '--key', String(key), ...options]);
}

function assertRefused({ code, stdout, stderr }: Exit, sentence: RegExp): void {
  assert.equal(code, 3, stderr);
  assert.equal(stdout, '');
  assert.match(stderr, /^time-server: [^\n]+\n$/);
  assert.match(stderr, sentence);
}

async function assertServes(t: TestContext, key: number): Promise<void> {
  assert.match(await askClassic(openQueue(t, key)), ASCTIME);
}

test('a queue that another user has made is refused, and nothing is touched', asRoot, async (t) => {
  const key = freshKey(t);
  await plant(t, key);
  const before = queueAt(key);
  for (const options of [[], ['--takeover']]) {
    assertRefused(
      await runServer(t, key, ...options),
      /belongs to another user \(id \d+, uid 54321\).*"ipctools remove 0x[0-9a-f]{8}".* with --adopt-foreign\n$/,
    );
  }
  assert.deepEqual(queueAt(key), before);
  assert.equal(semaphoresAt(key), undefined);
});

test('with --adopt-foreign it is served, and the log says in whose hands it is', asRoot, async (t) => {
  const key = freshKey(t);
  await plant(t, key, MALLORY, "queue.sendSync(1, '');\nqueue.tryReceive();\nqueue.sendSync(1, '');");
  // It was used, so it may also be another program's.
  assertRefused(await runServer(t, key, '--adopt-foreign'), /no time server has claimed/);
  const server = await startServer(t, key, ['--adopt-foreign', '--takeover']);
  await server.waitFor(/warning: another user controls the queue \(uid 54321\) and can/, 'stderr');
  await assertServes(t, key);
});

test('an early request in a queue of another user is answered with --adopt-foreign', asRoot, async (t) => {
  const key = freshKey(t);
  await plant(t, key, MALLORY, "queue.sendSync(1, '');");
  await startServer(t, key, ['--adopt-foreign']);
  assert.match((await openQueue(t, key).receive({ type: 3 })).body.toString(), ASCTIME);
});

test('a queue that another user made and gave to the server’s is refused', asRoot, async (t) => {
  const key = freshKey(t);
  await plant(t, key, MALLORY, 'queue.set({ uid: 0 });');
  assertRefused(await runServer(t, key), /belongs to another user \(id \d+, uid 0, made by uid 54321\)/);
});

test('a queue that the server’s user made and gave away is served, with a warning', asRoot, async (t) => {
  const key = freshKey(t);
  makeQueue(t, key, 0o666).set({ uid: MALLORY });
  const server = await startServer(t, key);
  await server.waitFor(/another user controls the queue \(uid 54321, made by uid 0\)/, 'stderr');
  await assertServes(t, key);
});

test('an ordinary user’s server refuses a third user’s queue as well', asRoot, async (t) => {
  const key = freshKey(t);
  await plant(t, key);
  const exit = await runSnippet(t, become(ALICE) + serve, [key]);
  assertRefused(exit, /belongs to another user \(id \d+, uid 54321\)/);
});

test('a queue with a semaphore that pretends that its server has died is refused', asRoot, async (t) => {
  const key = freshKey(t);
  await plant(t, key, MALLORY, `const set = mq.SemaphoreSet.create(Number(key), ${raise}`);
  assertRefused(await runServer(t, key), /the queue at key .* belongs to another user/);
});

test('a semaphore of another user is not used, and replaced only with --adopt-foreign', asRoot, async (t) => {
  const key = freshKey(t);
  await as(t, MALLORY, `const set = mq.SemaphoreSet.create(Number(key), ${raise}`, key);
  assertRefused(
    await runServer(t, key),
    /the semaphore at key .* belongs to another user \(uid 54321\): .*"ipcrm -S 0x[0-9a-f]{8}".* --adopt-foreign\n$/,
  );
  assert.equal(queueAt(key), undefined);
  assert.equal(semaphoresAt(key)?.['uid'], MALLORY);
  await startServer(t, key, ['--adopt-foreign']);
  assert.equal(semaphoresAt(key)?.['cuid'], 0);
  assert.equal(semaphoresAt(key)?.['uid'], 0);
  await assertServes(t, key);
});

test('no process is ended on the word of another user’s semaphore', asRoot, async (t) => {
  const key = freshKey(t);
  const holder = await startHolder(t, key, MALLORY);
  const named = new RegExp(`held for pid ${holder.pid} by another user's semaphore \\(uid 54321\\)`);
  assertRefused(await runServer(t, key), named);
  assertRefused(await runServer(t, key, '--adopt-foreign'), named);
  const doubted = new RegExp(
    `pid ${holder.pid} may serve key .* but is not asked to end, because the semaphore that says so belongs to another user \\(uid 54321\\)`,
  );
  assertRefused(await runServer(t, key, '--takeover'), doubted);
  assertRefused(await runServer(t, key, '--takeover', '--adopt-foreign'), doubted);
  await assertNotAsked(holder);
});

test('no process is ended on the word of a semaphore that others may change', asRoot, async (t) => {
  const key = freshKey(t);
  const set = SemaphoreSet.create(key, { count: 1, mode: 0o666 });
  const holder = await startHolder(t, key, MALLORY);
  for (const [mode, word] of [
    [0o666, '0666'],
    [0o602, '0602'],
    [0o620, '0620'],
  ] as const) {
    set.set({ mode });
    assertRefused(
      await runServer(t, key, '--takeover'),
      new RegExp(`users other than its owner may change the semaphore that says so \\(mode ${word}\\)`),
    );
  }
  set.close();
  await assertNotAsked(holder);
});

test('a queue that root has made is no stranger’s for an ordinary user’s server', asRoot, async (t) => {
  const key = freshKey(t);
  makeQueue(t, key, 0o666);
  const server = startSnippet(t, become(ALICE) + serve, [key, '--mode', '0666']);
  await server.waitFor('listening');
  await assertServes(t, key);
});

test('no process is ended that does not run as the semaphore’s owner', asRoot, async (t) => {
  const key = freshKey(t);
  const holder = startSnippet(
    t,
    `import * as mq from '@timeq/mq-native';
    const key = process.argv[1];
    ${holdSemaphore}
    process.setuid(${MALLORY});
    console.log('became another user');`,
    [key],
  );
  await holder.waitFor('became another user');
  assertRefused(
    await runServer(t, key, '--takeover'),
    /it is a process of uid 54321, and the semaphore that says so is uid 0's/,
  );
  await assertNotAsked(holder);
});

test('an ordinary user’s server takes the place of another one of that user', asRoot, async (t) => {
  const key = freshKey(t);
  const first = startSnippet(t, become(ALICE) + serve, [key]);
  await first.waitFor('listening');
  const second = startSnippet(t, become(ALICE) + serve, [key, '--takeover']);
  await second.waitFor('listening');
  assert.equal((await first.exit()).code, 0);
  await assertServes(t, key);
});

test('a server in whose queue’s place another user puts one ends, and says why', asRoot, async (t) => {
  const { key, server } = await ownServer(t);
  server.kill('SIGSTOP');
  MessageQueue.open(key).remove();
  await plant(t, key);
  const { code, stderr } = await server.killed('SIGCONT');
  assert.equal(code, 3, stderr);
  assert.match(stderr, /the queue at key .* belongs to another user \(id \d+, uid 54321\)/);
  assert.equal(queueAt(key)?.['uid'], MALLORY);
});

async function startHolder(t: TestContext, key: number, uid: number): Promise<RunningProcess> {
  const holder = startSnippet(t, become(uid) + holdSemaphore, [key]);
  await holder.waitFor('holds it');
  return holder;
}

/** Of two signals that wait the kernel hands out the lower one first, which is SIGTERM. */
async function assertNotAsked(holder: RunningProcess): Promise<void> {
  holder.kill('SIGWINCH');
  await holder.waitFor('is there');
  assert.doesNotMatch(holder.stdout, /was asked to end/);
}
