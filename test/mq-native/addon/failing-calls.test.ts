import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hangMilliseconds } from '../../helpers/deadline.js';
import { root, runSnippet } from '../../helpers/node.js';
import { skipWithoutEntering } from '../../helpers/namespace.js';
import { failingCalls } from './failing-calls.js';

const skip = process.platform !== 'linux' && 'only the tables of ELF libraries are known';
const addon = join(root, 'packages/mq-native/build/mq_native.node');

/**
 * Tries something again and again, while the first call that the addon makes fails, the second one, and so on until none
 * fails any more, and prints what failed with what came of it. `check` looks afterwards, where nothing fails.
 */
const tries = `import assert from 'node:assert/strict';
  import { createRequire } from 'node:module';
  import { setImmediate } from 'node:timers/promises';
  const [, library, addon] = process.argv;
  const calls = createRequire(import.meta.url)(library);
  async function each(attempt, check = () => undefined, always = '') {
    let seen = [];
    for (let n = 1; ; ) {
      let outcome = 'done';
      calls.fail(n, always);
      try {
        await attempt();
      } catch (error) {
        outcome = error.name === 'IpcError' ? error.code : String(error.stack);
      }
      const failed = calls.failed();
      await check(outcome);
      console.log(failed ?? 'nothing', outcome);
      if (failed === undefined) return;
      // What one attempt has made the next one need not make, and then the calls after it come earlier.
      if (seen[n] === failed) n++;
      else if (seen[n] === undefined) seen[n] = failed;
      else [seen, n] = [[], 1];
    }
  }`;

/** The same with the package. */
const loaded = `${tries}
  calls.watch(addon);
  const { ftok, IpcError, MessageQueue, SemaphoreSet, SharedMemory } = await import('@timeq/mq-native');
  const { groupId, userId } = await import('@timeq/mq-native/libc');`;

/** @returns for each function that failed, what came of it; the last attempt has to be a success, or its `end` */
async function outcomes(t: TestContext, source: string, end = 'done'): Promise<Record<string, string[]>> {
  const { stdout, ...rest } = await runSnippet(t, source, [failingCalls(t), addon]);
  assert.deepEqual(rest, { code: 0, signal: null, stderr: '' }, stdout);
  const found: Record<string, string[]> = {};
  for (const line of stdout.trimEnd().split('\n')) {
    const [name = '', ...outcome] = line.split(' ');
    found[name] = [...(found[name] ?? []), outcome.join(' ')];
  }
  assert.deepEqual(
    found['nothing'],
    found['nothing']?.map(() => end),
    stdout,
  );
  delete found['nothing'];
  for (const [name, all] of Object.entries(found)) found[name] = [...new Set(all)];
  return found;
}

/** What starting a thread that waits, and memory for messages, come to. */
const newThread = {
  realloc: ['ENOMEM'],
  calloc: ['ENOMEM'],
  pthread_condattr_init: ['ENOMEM'],
  pthread_cond_init: ['ENOMEM'],
  pthread_attr_init: ['ENOMEM'],
  pthread_create: ['EAGAIN'],
};
const newMemory = { napi_create_arraybuffer: ['ENOMEM'], napi_create_reference: ['ENOMEM'] };

test('an addon that fails to load says so in one sentence, and the next one loads', { skip }, async (t) => {
  const found = await outcomes(
    t,
    `${tries}
    import { once } from 'node:events';
    import { Worker } from 'node:worker_threads';
    const source = \`
      const { parentPort, workerData: { n, always, library, addon } } = require('node:worker_threads');
      const calls = require(library);
      calls.watch(addon);
      calls.fail(n, always);
      import('@timeq/mq-native').then(() => 'done', ({ message }) => message).then((outcome) => {
        calls.release();
        parentPort.postMessage([calls.failed(), outcome]);
      });\`;
    async function load(n, always = '') {
      const worker = new Worker(source, { eval: true, execArgv: [], workerData: { n, always, library, addon } });
      const [[answer]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
      return answer;
    }
    for (let n = 1, failed = ''; failed !== undefined && failed !== 'napi_create_function'; n++) {
      let outcome;
      [failed, outcome] = await load(n);
      console.log(failed, outcome);
    }
    console.log('napi_set_named_property', (await load(0, 'napi_create_function'))[1]);
    console.log('nothing', (await load(0))[1]);`,
  );
  for (const outcome of Object.values(found).flat())
    assert.match(outcome, /^@timeq\/mq-native could not load .+: mq-native: no memory .*\.$/);
  assert.ok('napi_add_async_cleanup_hook' in found && 'uv_async_init' in found, JSON.stringify(found));
});

test('a receive that waits fails or takes a message, and loses none', { skip }, async (t) => {
  const found = await outcomes(
    t,
    `${loaded}
    const queue = MessageQueue.createPrivate();
    queue.longestPoll = 0;
    let sent = 0;
    const received = [];
    process.on('exit', () => queue.remove());
    const send = (bytes) => queue.sendSync(1, Buffer.alloc(bytes, ++sent));
    async function attempt(bytes, options) {
      const waiting = queue.receive(options);
      waiting.catch(() => undefined);
      send(bytes);
      received.push((await waiting).body);
    }
    async function allCame() {
      await setImmediate();
      // Without a wait, which would start a thread that the next attempt need not start.
      for (const end = performance.now() + ${hangMilliseconds}; received.length < sent; await setImmediate()) {
        const message = queue.tryReceive();
        if (message !== undefined) received.push(message.body);
        assert.ok(performance.now() < end, 'a message is lost');
      }
      assert.equal(queue.stat().messages, 0);
      for (const [index, body] of received.entries()) assert.ok(body.length >= 8 && body.every((byte) => byte === ((index + 1) & 255)));
    }
    queue.sendSync(1, '');
    queue.receiveSync();
    await each(() => attempt(8), allCame);
    // More than a slab has room for.
    for (const handOver of [true, false]) await each(async () => {
      for (let times = 0; times < 6; times++) await attempt(8000, { handOver });
    }, allCame);
    // And where the message is there already.
    await each(async () => {
      for (let times = 0; times < 6; times++) {
        send(8000);
        received.push((await queue.receive()).body);
      }
    }, allCame);`,
  );
  assert.deepEqual(found, { ...newThread, ...newMemory });
});

test('a send that waits fails or sends', { skip }, async (t) => {
  const found = await outcomes(
    t,
    `${loaded}
    const queue = MessageQueue.createPrivate();
    queue.longestPoll = 0;
    process.on('exit', () => queue.remove());
    queue.set({ maxBytes: 8 });
    // So that the slab is there.
    queue.sendSync(1, '');
    queue.receiveSync();
    await each(async () => {
      assert.ok(queue.trySend(1, '12345678'));
      const waiting = queue.send(2, 'late');
      waiting.catch(() => undefined);
      // A thread blocks with it by then.
      for (let turn = 0; turn < 5; turn++) await setImmediate();
      assert.equal(queue.receiveSync().type, 1);
      await waiting;
    }, (outcome) => {
      assert.equal(queue.tryReceive()?.type, outcome === 'done' ? 2 : undefined);
    });
    // That it may have more bytes than the buffer is looked at before it is too large for the queue.
    await each(() => {
      try {
        queue.trySend(1, 'x'.repeat(8000));
      } catch (error) {
        if (error.code !== 'EAGAIN') throw error;
      }
    });`,
  );
  assert.deepEqual(found, { ...newThread, ...newMemory });
});

test(
  'an operation that waits fails or is done, and is undone at the end of its worker',
  { skip },
  async (t) => {
    const found = await outcomes(
      t,
      `${loaded}
    import { once } from 'node:events';
    import { Worker } from 'node:worker_threads';
    const set = SemaphoreSet.createPrivate({ initialValues: [0] });
    process.on('exit', () => set.remove());
    const source = \`
      const { parentPort, workerData: { n, library, addon, id } } = require('node:worker_threads');
      const calls = require(library);
      import('@timeq/mq-native').then(async ({ SemaphoreSet }) => {
        const set = SemaphoreSet.fromId(id);
        calls.fail(n, '');
        let outcome = 'done';
        try {
          const waiting = set.operate([{ delta: -1, undo: 'thread' }]);
          waiting.catch(() => undefined);
          set.tryOperate([{ delta: 1 }]);
          await waiting;
        } catch ({ code, stack }) {
          outcome = code ?? stack;
        }
        parentPort.postMessage([calls.failed(), outcome]);
      });\`;
    for (let n = 1, failed = ''; failed !== undefined; n++) {
      const worker = new Worker(source, { eval: true, execArgv: [], workerData: { n, library, addon, id: set.id } });
      const [[[name, outcome]]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
      assert.equal(set.value(0), 1);
      set.tryOperate([{ delta: -1 }]);
      failed = name;
      console.log(failed ?? 'nothing', outcome);
    }`,
    );
    assert.deepEqual(found, newThread);
  },
);

test('a call with a time limit fails or keeps to it', { skip }, async (t) => {
  const found = await outcomes(
    t,
    `${loaded}
    const queue = MessageQueue.createPrivate();
    process.on('exit', () => queue.remove());
    function receive() {
      try {
        queue.receiveSync({ timeout: 1 });
      } catch (error) {
        // Newer Nodes cause it by themselves.
        if (error.code === 'EINTR') receive();
        else throw error;
      }
    }
    await each(receive);
    // Without a timer it takes a thread that watches.
    await each(receive, undefined, 'timer_create');`,
    'ETIMEDOUT',
  );
  assert.deepEqual(found, {
    ...newMemory,
    timer_create: ['ETIMEDOUT'],
    pthread_mutex_init: ['ENOMEM'],
    pthread_condattr_init: ['ENOMEM'],
    pthread_cond_init: ['ENOMEM'],
    pthread_create: ['EAGAIN'],
  });
});

test('a segment that could not be attached or detached can be so afterwards', { skip }, async (t) => {
  const found = await outcomes(
    t,
    `${loaded}
    import { setFlagsFromString } from 'node:v8';
    import { runInNewContext } from 'node:vm';
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc');
    const segment = SharedMemory.createPrivate({ bytes: 4096 });
    process.on('exit', () => segment.remove());
    await each(() => {
      const attachment = segment.attach();
      try {
        attachment.detach();
      } finally {
        attachment.detach();
      }
    }, async () => {
      for (let turns = 100; turns > 0 && segment.stat().attachments > 0; turns--) {
        collect();
        await setImmediate();
      }
      assert.equal(segment.stat().attachments, 0);
    });`,
  );
  assert.deepEqual(found, {
    malloc: ['ENOMEM'],
    napi_create_external_arraybuffer: ['ENOMEM'],
    napi_type_tag_object: ['ENOMEM'],
    napi_wrap: ['ENOMEM'],
    mmap: ['ENOMEM'],
    napi_detach_arraybuffer: ['EBUSY'],
  });
});

const enters = skip || skipWithoutEntering();

test('a namespace that could not be entered is not looked into', { skip: enters }, async (t) => {
  const found = await outcomes(
    t,
    `${loaded}
    import { closeSync, openSync } from 'node:fs';
    const native = createRequire(import.meta.url)(addon);
    const fd = openSync('/proc/self/ns/ipc', 'r');
    function succeed(result) {
      if (result < 0) throw new IpcError(-result, { syscall: 'setns' });
      return result;
    }
    await each(() => {
      succeed(native.namespaceEnter(fd));
      closeSync(succeed(native.namespaceOpen('/proc/sysvipc/msg')));
      succeed(native.namespaceLeave());
    }, () => { native.namespaceLeave(); });`,
  );
  assert.deepEqual(found, {
    calloc: ['ENOMEM'],
    pthread_mutex_init: ['ENOMEM'],
    pthread_cond_init: ['ENOMEM'],
    pthread_create: ['EAGAIN'],
    napi_add_env_cleanup_hook: ['ENOMEM'],
    malloc: ['ENOMEM'],
  });
});

test('a key or a user that can’t be found for want of memory is an error', { skip }, async (t) => {
  const found = await outcomes(
    t,
    `${loaded}
    await each(() => { ftok('/', 1); });
    await each(() => { assert.equal(userId('root'), 0); });
    await each(() => { assert.equal(groupId('root'), 0); });`,
  );
  assert.deepEqual(found, { malloc: ['ENOMEM'] });
});

test('a path that is too long says so', async (t) => {
  const { stdout } = await runSnippet(
    t,
    `import { createRequire } from 'node:module';
    import { constants } from 'node:os';
    import { ftok } from '@timeq/mq-native';
    const native = createRequire(import.meta.url)(process.argv[1]);
    for (const path of ['/' + 'x'.repeat(5000), '/x'.repeat(2500)]) {
      try {
        ftok(path, 1);
      } catch ({ name, code, message }) {
        console.log(name, code, message.replace(path, 'PATH'));
      }
      console.log(native.namespaceOpen(path) === (process.platform === 'linux' ? -constants.errno.ENAMETOOLONG : -constants.errno.ENOSYS));
    }`,
    [addon],
  );
  const line =
    "IpcError ENAMETOOLONG ENAMETOOLONG: the path, or a name in it, is too long, ftok 'PATH'\ntrue\n";
  assert.equal(stdout, line + line);
});
