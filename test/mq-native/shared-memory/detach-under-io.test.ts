import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../../helpers/folder.js';
import { root, runNode, runSnippet, snippetCommand } from '../../helpers/node.js';
import { privateSegment } from './segment.js';

/** Large enough for a thread of Node's pool to be at work on it when the next line of script runs. */
const LARGE = 32 * 1024 * 1024;

/** A named pipe: a read from it is pending until a process writes. */
function namedPipe(t: TestContext): string {
  const folder = temporaryFolder(t);
  const path = join(folder, 'pipe');
  assert.equal(spawnSync('mkfifo', [path]).status, 0);
  return path;
}

const prints = (stdout: string): object => ({ code: 0, signal: null, stdout, stderr: '' });

test('writes of Node into detached memory go nowhere, and the process lives', async (t) => {
  const segment = privateSegment(t, LARGE);
  const end = await runSnippet(
    t,
    `import { randomFill } from 'node:crypto';
    import { promisify } from 'node:util';
    import { SharedMemory } from '@timeq/mq-native';
    const segment = SharedMemory.fromId(Number(process.argv[1]));
    const attachment = segment.attach();
    const filled = promisify(randomFill)(Buffer.from(attachment.buffer));
    attachment.detach();
    await filled;
    console.log('filled', segment.stat().attachments);`,
    [segment.id],
  );
  assert.deepEqual(end, prints('filled 0\n'));
});

test('reads of Node from detached memory succeed', async (t) => {
  const segment = privateSegment(t, LARGE);
  const end = await runSnippet(
    t,
    `import { gzip } from 'node:zlib';
    import { promisify } from 'node:util';
    import { SharedMemory } from '@timeq/mq-native';
    const segment = SharedMemory.fromId(Number(process.argv[1]));
    // In one step: Node itself aborts if it comes back for more of what has been detached, whatever memory it is.
    const zipped = promisify(gzip)(segment.view(Uint8Array), { chunkSize: 2 ** 20 });
    segment.close();
    await zipped;
    console.log('zipped', segment.stat().attachments);`,
    [segment.id],
  );
  assert.deepEqual(end, prints('zipped 0\n'));
});

test('a read that is under way when its memory is detached does not come into the next attachment', async (t) => {
  const first = privateSegment(t, 65536);
  const second = privateSegment(t, 65536);
  const pipe = namedPipe(t);
  const end = await runNode(
    t,
    [
      '--expose-gc',
      ...snippetCommand(
        `import { constants, openSync, read, writeSync } from 'node:fs';
        import { setTimeout as delay } from 'node:timers/promises';
        import { promisify } from 'node:util';
        import { SharedMemory } from '@timeq/mq-native';
        const [first, second] = [1, 2].map((at) => SharedMemory.fromId(Number(process.argv[at])));
        const pipe = openSync(process.argv[3], constants.O_RDWR);
        const reading = (() => {
          const attachment = first.attach();
          const reading = promisify(read)(pipe, Buffer.from(attachment.buffer), 0, 65536, null);
          attachment.detach();
          return reading;
        })();
        // What script has forgotten is collected; what Node still uses is not.
        for (let round = 0; round < 10; round++) {
          globalThis.gc();
          await delay(1);
        }
        const next = Array.from({ length: 10 }, () => second.attach());
        writeSync(pipe, 'of the first');
        const { bytesRead } = await reading;
        const changed = next.filter(({ buffer }) => Buffer.from(buffer).some((byte) => byte !== 0));
        console.log(bytesRead, changed.length);`,
        [first.id, second.id, pipe],
      ),
    ],
    { cwd: root },
  );
  assert.deepEqual(end, prints('12 0\n'));
});

const transferring = 'transfer' in ArrayBuffer.prototype;

test(
  'memory that script moved into another ArrayBuffer, and forgot, stays for what Node still does with it',
  { skip: transferring ? false : 'ArrayBuffer.prototype.transfer comes with Node 22' },
  async (t) => {
    const segment = privateSegment(t, 65536);
    const end = await runNode(
      t,
      [
        '--expose-gc',
        ...snippetCommand(
          `import { constants, openSync, read, writeSync } from 'node:fs';
          import { setTimeout as delay } from 'node:timers/promises';
          import { promisify } from 'node:util';
          import { SharedMemory } from '@timeq/mq-native';
          const segment = SharedMemory.fromId(Number(process.argv[1]));
          const pipe = openSync(process.argv[2], constants.O_RDWR);
          const reading = (() => {
            const { buffer } = segment.attach();
            const reading = promisify(read)(pipe, Buffer.from(buffer), 0, 65536, null);
            buffer.transfer();
            return reading;
          })();
          for (let round = 0; round < 10; round++) {
            globalThis.gc();
            await delay(1);
          }
          writeSync(pipe, 'arrives');
          const { bytesRead } = await reading;
          console.log(bytesRead, Buffer.from(segment.attach().buffer).toString('utf8', 0, bytesRead));`,
          [segment.id, namedPipe(t)],
        ),
      ],
      { cwd: root },
    );
    assert.deepEqual(end, prints('7 arrives\n'));
  },
);

test('a worker that ends while Node fills its attachment takes nothing with it', async (t) => {
  const segment = privateSegment(t, LARGE);
  const end = await runSnippet(
    t,
    `import { once } from 'node:events';
    import { Worker } from 'node:worker_threads';
    const worker = new Worker(\`
      import { randomFill } from 'node:crypto';
      import { parentPort, workerData } from 'node:worker_threads';
      import { SharedMemory } from '@timeq/mq-native';
      const attachment = SharedMemory.fromId(workerData).attach();
      randomFill(Buffer.from(attachment.buffer), () => undefined);
      attachment.detach();
      parentPort.postMessage('filling');\`, { eval: true, workerData: Number(process.argv[1]) });
    await once(worker, 'message');
    await worker.terminate();
    console.log('ended');`,
    [segment.id],
  );
  assert.deepEqual(end, prints('ended\n'));
});

test('the addresses of a detached segment are given back when the ArrayBuffer is collected', async (t) => {
  const segment = privateSegment(t, LARGE);
  const source = `import { readFileSync } from 'node:fs';
    import { setTimeout as delay } from 'node:timers/promises';
    import { SharedMemory } from '@timeq/mq-native';
    const segment = SharedMemory.fromId(Number(process.argv[1]));
    const pages = () => Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[0]);
    segment.attach().detach();
    const before = pages();
    for (let count = 0; count < 50; count++) segment.attach().detach();
    const kept = segment.attach();
    kept.detach();
    for (let tries = 0; tries < 2000 && pages() > before + ${LARGE / 4096}; tries++) {
      globalThis.gc();
      await delay(1);
    }
    console.log(pages() <= before + ${LARGE / 4096}, kept.attached);`;
  const end = await runNode(t, ['--expose-gc', ...snippetCommand(source, [segment.id])], { cwd: root });
  assert.deepEqual(end, prints('true false\n'));
});
