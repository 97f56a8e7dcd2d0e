import assert from 'node:assert/strict';
import { constants } from 'node:os';
import { test } from 'node:test';
import { runSnippet } from '../../helpers/node.js';
import { privateQueue } from '../queue.js';

/** The addon's own functions, past all checks in script. */
const addon = `import { createRequire } from 'node:module';
  import { constants } from 'node:os';
  import { MessageQueue } from '@timeq/mq-native';
  const { EFAULT, EINVAL, E2BIG } = constants.errno;
  const native = createRequire(import.meta.url)(process.cwd() + '/packages/mq-native/build/mq_native.node');
  const id = Number(process.argv[1]);
  const registers = new Int32Array(native.registersBuffer());
  const [RESULT, ID, BYTES, FLAGS, AT, COUNT] = [0, 1, 2, 3, 4, 5];
  registers[ID] = id;
  registers[FLAGS] = 0o4000; // IPC_NOWAIT
  const names = { [-EFAULT]: 'EFAULT', [-EINVAL]: 'EINVAL', [-E2BIG]: 'E2BIG' };
  const say = (...results) => console.log(...results.map((result) => names[result] ?? result));
  const call = (name, set, ...rest) => {
    Object.assign(registers, set);
    const result = native[name](...rest);
    return result ?? registers[RESULT];
  };`;

async function printed(t: Parameters<typeof runSnippet>[0], source: string, id: number): Promise<string[]> {
  const { stdout, ...end } = await runSnippet(t, `${addon}\n${source}`, [id]);
  assert.deepEqual(end, { code: 0, signal: null, stderr: '' });
  return stdout.trimEnd().split('\n');
}

test('a message to send has to be in the message buffer, whatever script says', async (t) => {
  const queue = privateQueue(t);
  const lines = await printed(
    t,
    `const words = new BigInt64Array(native.messageBuffer(96));
    words[0] = 1n;
    for (const bytes of [97, 8192, 2 ** 31 - 1, -1, -8, -(2 ** 31)])
      say(call('msgsnd', { [BYTES]: bytes }), call('msgsndUntil', { [BYTES]: bytes }, 1), call('waitSend', {}, id, bytes));
    for (const bytes of [NaN, Infinity, 2 ** 53, '8', undefined, {}]) say(call('waitSend', {}, id, bytes));
    words[1] = 1n;
    for (const size of [89n, 8192n, -1n, -16n, -(2n ** 63n), 2n ** 62n]) {
      words[0] = size;
      say(call('msgsndBatch', { [COUNT]: 1 }));
    }
    words[0] = 84n;
    say(call('msgsndBatch', { [COUNT]: 2 }));`,
    queue.id,
  );
  assert.deepEqual(lines, [
    ...Array<string>(6).fill('EFAULT EFAULT EFAULT'),
    ...Array<string>(6).fill('EFAULT'),
    ...Array<string>(6).fill('EFAULT'),
    '1',
  ]);
  // The second message of the last batch would have been beyond the buffer.
  assert.deepEqual(
    queue.receiveBatch().map(({ body }) => body.length),
    [84],
  );
});

test('a received message has to have room in the slab, whatever script says', async (t) => {
  const queue = privateQueue(t);
  queue.sendSync(1, Buffer.alloc(200, 'x'));
  const lines = await printed(
    t,
    `const calls = (set) => say(
      ...['msgrcv', 'msgrcvBatch'].map((name) => call(name, { [COUNT]: 1, ...set })),
      call('msgrcvUntil', set, 1),
    );
    calls({ [AT]: 0, [BYTES]: 0 });
    native.messageBuffer(8);
    calls({ [AT]: 0, [BYTES]: 0 });
    native.slab(256);
    for (const [at, bytes] of [[0, 249], [56, 200], [-8, 8], [-8, 2 ** 31 - 1], [2 ** 31 - 8, 8], [256, 0], [0, -1], [8, -16]])
      calls({ [AT]: at, [BYTES]: bytes });
    for (const room of [-1, NaN, Infinity, 2 ** 31, 'x', undefined]) say(native.waitReceive(id, 0, room));
    say(native.waitTaken(0));`,
    queue.id,
  );
  assert.deepEqual(lines, [
    ...Array<string>(10).fill('EFAULT EFAULT EFAULT'),
    ...Array<string>(6).fill('EFAULT'),
    'EINVAL',
  ]);
  assert.equal(queue.stat().messages, 1);
});

test('a waiter that there is not can’t be cancelled, and operations that there are not can’t be done', async (t) => {
  const lines = await printed(
    t,
    `native.messageBuffer(8);
    for (const index of [0, -1, 7, 2 ** 31 - 1, NaN]) say(native.waitCancel(index));
    const waiter = native.waitReceive(id, 0, 0);
    native.waitCancel(waiter);
    say(native.waitCancel(waiter));
    for (const count of [-1, 683, 2 ** 40, NaN])
      say(native.semop(0, count), native.semopUntil(0, count, 1), native.waitOperate(0, count));
    say(native.semctlValues(0, new Uint8Array(1)), native.semctlSetValues(0, new ArrayBuffer(2)), native.semctlValues(0));
    say(native.objectTable(0, new Float32Array(15)), native.objectTable(1, 7), native.objectTable(2, new Uint8Array(14)));
    for (const kind of [-1, 3, 2 ** 31 - 1])
      say(native.objectStat(kind, 0, 0), native.objectStat(kind, 0, 1), native.objectSet(kind, 0),
        native.objectRemove(kind, 0), native.objectInfo(kind), native.objectTable(kind, new Float64Array(15)));
    say(native.shmdt(new ArrayBuffer(4096)), native.shmdt({}), native.shmdt());`,
    privateQueue(t).id,
  );
  assert.deepEqual(lines, [
    ...Array<string>(6).fill('EINVAL'),
    ...Array<string>(4).fill('E2BIG E2BIG E2BIG'),
    'EFAULT EFAULT EFAULT',
    'EFAULT EFAULT EFAULT',
    ...Array<string>(3).fill('EINVAL EINVAL EINVAL EINVAL EINVAL EINVAL'),
    'EINVAL EINVAL EINVAL',
  ]);
});

test('a wait for a message takes the type from the message buffer, which has to be there', async (t) => {
  // Without the package, which makes one.
  const { stdout, code } = await runSnippet(
    t,
    `import { createRequire } from 'node:module';
    const native = createRequire(import.meta.url)(process.cwd() + '/packages/mq-native/build/mq_native.node');
    console.log(native.waitReceive(Number(process.argv[1]), 0, 0) === -${constants.errno.EFAULT});`,
    [privateQueue(t).id],
  );
  assert.deepEqual({ stdout, code }, { stdout: 'true\n', code: 0 });
});
