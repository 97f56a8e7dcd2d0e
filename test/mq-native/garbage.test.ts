import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skipWithoutProcesses } from '../helpers/limits.js';
import { startSnippet, startWith } from '../helpers/node.js';
import { untilBlocked } from '../helpers/threads.js';
import { privateQueue } from './queue.js';

test('handles that are forgotten are collected, and the queue stays', async (t) => {
  const queue = privateQueue(t);
  queue.sendSync(1, 'stays');
  const program = startSnippet(
    t,
    `import { setFlagsFromString } from 'node:v8';
    import { runInNewContext } from 'node:vm';
    import { MessageQueue } from '@timeq/mq-native';
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc');
    const id = Number(process.argv[1]);
    let collected = 0;
    const registry = new FinalizationRegistry(() => (collected += 1));
    for (let count = 0; count < 1000; count++) {
      const queue = MessageQueue.fromId(id);
      registry.register(queue);
      queue.tryReceive({ type: 2 });
    }
    for (let round = 0; collected < 900; round++) {
      if (round === 200) throw new Error('only ' + collected + ' of 1000 were collected');
      gc();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    console.log('collected');`,
    [queue.id],
  );
  await program.waitFor('collected');
  assert.equal(queue.tryReceive()?.body.toString(), 'stays');
});

const received = `.then(({ body }) => console.log('got', body.toString()))`;
for (const [what, then, printed] of [
  ['a wait keeps its handle: it is not collected before the message comes', received, 'got late\n'],
  ['a wait keeps its handle and takes its message also where no code awaits it', '', ''],
] as const) {
  test(what, async (t) => {
    const queue = privateQueue(t);
    const program = startSnippet(
      t,
      `import { setFlagsFromString } from 'node:v8';
    import { runInNewContext } from 'node:vm';
    import { MessageQueue } from '@timeq/mq-native';
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc');
    MessageQueue.fromId(Number(process.argv[1])).receive({ type: 1 })${then};
    for (let round = 0; round < 20; round++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    console.log('garbage is gone');`,
      [queue.id],
    );
    await program.waitFor('garbage is gone');
    await untilBlocked('msgrcv', program.pid);
    queue.sendSync(1, 'late');
    const { code, stdout, stderr } = await program.exit();
    assert.deepEqual([code, stdout, stderr], [0, `garbage is gone\n${printed}`, '']);
    assert.equal(queue.stat().messages, 0);
  });
}

test(
  'many waits that begin and end leave neither threads nor memory behind',
  { skip: skipWithoutProcesses() },
  async (t) => {
    const queue = privateQueue(t);
    const program = startWith(
      t,
      queue,
      `import { readFileSync } from 'node:fs';    import { untilBlocked } from ${JSON.stringify(import.meta.resolve('../helpers/threads.js'))};
    const status = (name) => Number(new RegExp(name + ':\\\\s*(\\\\d+)').exec(readFileSync('/proc/self/status', 'utf8'))[1]);
    const round = async () => {
      const controller = new AbortController();
      const waits = Array.from({ length: 40 }, (_, type) => queue.receive({ type: type + 1, signal: controller.signal }));
      const settled = Promise.allSettled(waits);
      await untilBlocked('msgrcv', process.pid, 40);
      controller.abort();
      await settled;
    };
    for (let count = 0; count < 20; count++) await round();
    const before = { threads: status('Threads'), kilobytes: status('VmRSS') };
    for (let count = 0; count < 80; count++) await round();
    const after = { threads: status('Threads'), kilobytes: status('VmRSS') };
    console.log(JSON.stringify({ threads: after.threads - before.threads, kilobytes: after.kilobytes - before.kilobytes }));`,
    );
    const { stdout } = await program.exit();
    const { threads, kilobytes } = JSON.parse(stdout);
    assert.ok(threads <= 0, `${threads} more threads`);
    assert.ok(kilobytes < 30_000, `${kilobytes} KiB more`);
  },
);
