import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { until } from '../../helpers/deadline.js';
import { fixture, runNode, snippetCommand, root, startSnippet } from '../../helpers/node.js';
import { startWorker } from '../../helpers/worker.js';
import { privateSegment } from './segment.js';

test('an unreferenced attachment is detached by garbage collection', async (t) => {
  const segment = privateSegment(t, 4096);
  const source = `import { SharedMemory } from '@timeq/mq-native';
    import { setTimeout as delay } from 'node:timers/promises';
    const segment = SharedMemory.fromId(Number(process.argv[1]));
    for (let count = 0; count < 10; count++) segment.attach({ readOnly: count % 2 === 0 });
    const kept = segment.attach().view(Uint8Array);
    console.log(segment.stat().attachments);
    for (let tries = 0; tries < 1000 && segment.stat().attachments > 1; tries++) {
      globalThis.gc();
      await delay(1);
    }
    kept[0] = 1;
    console.log(segment.stat().attachments, kept[0]);`;
  const { stdout } = await runNode(t, ['--expose-gc', ...snippetCommand(source, [segment.id])], {
    cwd: root,
  });
  assert.equal(stdout, '11\n1 1\n');
});

test('garbage collection does not unmap detached addresses again, which may have another use by then', async (t) => {
  const segment = privateSegment(t, 4096);
  const source = `import { SharedMemory } from '@timeq/mq-native';
    import { setTimeout as delay } from 'node:timers/promises';
    const segment = SharedMemory.fromId(Number(process.argv[1]));
    for (let count = 0; count < 100; count++) segment.attach().detach();
    // The kernel gives the same addresses again.
    const kept = Array.from({ length: 20 }, () => segment.attach());
    for (let tries = 0; tries < 20; tries++) {
      globalThis.gc();
      await delay(1);
    }
    for (const [index, attachment] of kept.entries()) attachment.view(Uint8Array)[index] = index;
    console.log(segment.stat().attachments, ...segment.attach().view(Uint8Array, { length: 20 }));`;
  const { stdout } = await runNode(t, ['--expose-gc', ...snippetCommand(source, [segment.id])], {
    cwd: root,
  });
  assert.equal(stdout, `20 ${Array.from({ length: 20 }, (_, index) => index).join(' ')}\n`);
});

test('the end of a process detaches, however it ends', async (t) => {
  const segment = privateSegment(t, 4096);
  for (const end of ['', 'process.exit(0)', 'process.abort()', 'throw new Error("end")']) {
    const holder = startSnippet(
      t,
      `import { SharedMemory } from '@timeq/mq-native';
      globalThis.attachment = SharedMemory.fromId(Number(process.argv[1])).attach();
      console.log('attached');
      process.stdin.once('data', () => { process.stdin.unref(); ${end} });`,
      [segment.id],
    );
    await holder.waitFor('attached');
    assert.equal(segment.stat().attachments, 1);
    holder.write('end\n');
    await holder.exit();
    assert.equal(segment.stat().attachments, 0, end);
  }
});

test('a process that is killed leaves nothing attached, and the bytes as they were', async (t) => {
  const segment = privateSegment(t, 8);
  const holder = startSnippet(
    t,
    `import { SharedMemory } from '@timeq/mq-native';
    SharedMemory.fromId(Number(process.argv[1])).view(Float64Array)[0] = 0.5;
    console.log('written');
    setInterval(() => undefined, 1000);`,
    [segment.id],
  );
  await holder.waitFor('written');
  await holder.end();
  assert.equal(segment.stat().attachments, 0);
  assert.equal(segment.view(Float64Array)[0], 0.5);
});

const attachInWorker = fixture(import.meta.url, './fixtures/attach-in-worker.js');

test('a worker attaches by the id and sees the same bytes; its end detaches', async (t) => {
  const segment = privateSegment(t, 64);
  const numbers = segment.view(Int32Array);
  for (const end of ['terminate', 'return']) {
    numbers[0] = 41;
    const worker = startWorker(t, attachInWorker, { workerData: segment.id });
    assert.deepEqual(await once(worker, 'message'), [42]);
    assert.equal(numbers[0], 42);
    assert.equal(segment.stat().attachments, 2);
    if (end === 'terminate') await worker.terminate();
    else {
      worker.postMessage('end');
      await once(worker, 'exit');
      assert.equal(numbers[0], 43);
    }
    await until(() => segment.stat().attachments === 1, `the worker's detaching (${end})`);
  }
});

test('the ArrayBuffer cannot be transferred to a worker, and to post it copies it', async (t) => {
  const segment = privateSegment(t, 16);
  using attachment = segment.attach();
  const numbers = attachment.view(Int32Array);
  numbers[0] = 5;
  const { port1, port2 } = new MessageChannel();
  t.after(() => {
    port1.close();
  });
  port1.postMessage(attachment.buffer);
  const [copy] = (await once(port2, 'message')) as [ArrayBuffer];
  new Int32Array(copy)[0] = 6;
  assert.equal(numbers[0], 5);
  try {
    port1.postMessage(attachment.buffer, [attachment.buffer]);
  } catch (error) {
    // Node 20 copies; later ones say that it can't be.
    assert.equal((error as Error).name, 'DataCloneError');
  }
  assert.equal(attachment.attached, true);
  assert.equal(numbers[0], 5);
});

const transferring = 'transfer' in ArrayBuffer.prototype;

test(
  'memory that script moved into another ArrayBuffer stays until that one is gone',
  { skip: transferring ? false : 'ArrayBuffer.prototype.transfer comes with Node 22' },
  (t) => {
    const segment = privateSegment(t, 16);
    const attachment = segment.attach();
    const buffer = attachment.buffer as ArrayBuffer & { transfer(): ArrayBuffer };
    const moved = new Int32Array(buffer.transfer());
    assert.equal(attachment.attached, false);
    attachment.detach();
    moved[0] = 3;
    assert.equal(segment.view(Int32Array)[0], 3);
  },
);
