import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../helpers/folder.js';
import { root, startSnippet } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';

const importLock = `const { acquireLock } = await import(${JSON.stringify(join(root, 'scripts/setup/lock.js'))});`;

/** A process that takes the lock, says so, and holds it until its input ends. */
function holder(t: TestContext, folder: string): RunningProcess {
  const source = `${importLock}
    const release = await acquireLock(process.argv[1]);
    console.log('held');
    process.stdin.resume().on('end', release);`;
  return startSnippet(t, source, [folder]);
}

test('the second one waits until the first one gives the lock back, and says for whom it waits', async (t) => {
  const folder = temporaryFolder(t);
  const first = holder(t, folder);
  await first.waitFor('held');
  const second = holder(t, folder);
  await second.waitFor(`Waiting for the set-up that process ${first.pid} runs`, 'stderr');
  assert.equal(second.stdout, '');
  first.endInput();
  await second.waitFor('held');
  second.endInput();
  assert.equal((await second.exit()).code, 0);
});

test('the lock of a process that was killed is taken over', async (t) => {
  const folder = temporaryFolder(t);
  const first = holder(t, folder);
  await first.waitFor('held');
  await first.killed('SIGKILL');
  await holder(t, folder).waitFor('held');
});

test('the lock of a process that was killed is taken over although its pid is another process’s now', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'lock.7'), `${process.pid} 1`);
  await holder(t, folder).waitFor('held');
});

test('only one of many holds the lock, also while holders are killed', async (t) => {
  const folder = temporaryFolder(t);
  const counter = join(temporaryFolder(t), 'counter');
  writeFileSync(counter, '');
  // Adds a line to the file in two steps with a break between them: a second holder at that time would undo a line.
  const source = `${importLock}
    import { readFileSync, writeFileSync } from 'node:fs';
    import { setImmediate } from 'node:timers/promises';
    const [, folder, counter, dies] = process.argv;
    for (let round = 0; round < 10; round++) {
      const release = await acquireLock(folder);
      const lines = readFileSync(counter, 'utf8');
      await setImmediate();
      writeFileSync(counter, lines + 'line\\n');
      if (dies === 'dies' && round === 4) process.kill(process.pid, 'SIGKILL');
      release();
    }`;
  const contenders = Array.from({ length: 8 }, (_, index) =>
    startSnippet(t, source, [folder, counter, index < 4 ? 'dies' : 'lives']),
  );
  await Promise.all(contenders.map((contender) => contender.exit()));
  assert.equal(readFileSync(counter, 'utf8').length, 'line\n'.length * (4 * 5 + 4 * 10));
  assert.equal(readdirSync(folder).filter((name) => name.startsWith('lock.')).length, 1);
});
