import assert from 'node:assert/strict';
import { existsSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../helpers/folder.js';
import { runExample, startExample } from './example.js';

test('text from writers arrives at the reader, and "end" ends it and removes the pipe', async (t) => {
  const path = join(temporaryFolder(t), 'pipe');
  const reader = startExample(t, ['named-pipe', 'reader', path]);
  await reader.waitFor(`reads ${path}\n`);
  const first = await runExample(t, ['named-pipe', 'writer', path], { input: 'from the first\n' });
  assert.equal(first.code, 0);
  await reader.waitFor('reader: from the first\n');
  const second = await runExample(t, ['named-pipe', 'writer', path], {
    input: 'from the second\nend\nunsent\n',
  });
  assert.equal(second.code, 0);
  const { code, stdout, stderr } = await reader.exit();
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /reader: from the second\n$/);
  assert.equal(existsSync(path), false);
});

test('the reader removes the pipe on SIGINT too', async (t) => {
  const path = join(temporaryFolder(t), 'pipe');
  const reader = startExample(t, ['named-pipe', 'reader', path]);
  await reader.waitFor(`reads ${path}\n`);
  assert.equal((await reader.killed('SIGINT')).code, 0);
  assert.equal(existsSync(path), false);
});

test('a writer without a reader is told to start one', async (t) => {
  const path = join(temporaryFolder(t), 'pipe');
  const { code, stderr } = await runExample(t, ['named-pipe', 'writer', path], { input: 'hello\n' });
  assert.equal(code, 1);
  assert.equal(stderr, `${path} has no reader: start "npm run example named-pipe reader" first.\n`);
});

test('a writer does not write into an ordinary file', async (t) => {
  const path = join(temporaryFolder(t), 'file');
  writeFileSync(path, 'precious');
  assert.equal((await runExample(t, ['named-pipe', 'writer', path], { input: 'x\n' })).code, 1);
  assert.equal(readFileSync(path, 'utf8'), 'precious');
});

test('a writer learns that its reader was killed', async (t) => {
  const path = join(temporaryFolder(t), 'pipe');
  const reader = startExample(t, ['named-pipe', 'reader', path]);
  await reader.waitFor(`reads ${path}\n`);
  const writer = startExample(t, ['named-pipe', 'writer', path]);
  await writer.waitFor('A line, or end: ');
  await reader.end();
  writer.write('hello?\n');
  const { code, stderr } = await writer.exit();
  assert.deepEqual([code, stderr], [1, 'The reader has gone.\n']);
});

test('a second reader leaves the first one its pipe', async (t) => {
  const path = join(temporaryFolder(t), 'pipe');
  const reader = startExample(t, ['named-pipe', 'reader', path]);
  await reader.waitFor(`reads ${path}\n`);
  const { code, stderr } = await runExample(t, ['named-pipe', 'reader', path]);
  assert.equal(code, 1);
  assert.match(stderr, /^No FIFO can be made at .*exists.*\n$/);
  assert.equal(existsSync(path), true);
});

test('a line that might mix with those of others is not sent', async (t) => {
  const path = join(temporaryFolder(t), 'pipe');
  const reader = startExample(t, ['named-pipe', 'reader', path]);
  await reader.waitFor(`reads ${path}\n`);
  const input = `${'x'.repeat(4096)}\n${'y'.repeat(4095)}\nend\n`;
  const { stdout } = await runExample(t, ['named-pipe', 'writer', path], { input });
  assert.match(stdout, /That line is too long: at most 4095 bytes, please\./);
  const read = (await reader.exit()).stdout;
  assert.ok(!read.includes('xxx'));
  assert.ok(read.endsWith(`: ${'y'.repeat(4095)}\n`));
});
