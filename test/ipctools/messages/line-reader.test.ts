import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import test from 'node:test';
import { LineReader } from '#ipctools/cli/line-reader';

const never = new AbortController().signal;

async function linesOf(...chunks: string[]): Promise<string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  const reading = (async () => {
    for await (const line of new LineReader(stream).lines(never)) lines.push(line.toString());
  })();
  for (const chunk of chunks) {
    stream.write(chunk);
    await new Promise((resolve) => setImmediate(resolve));
  }
  stream.end();
  await reading;
  return lines;
}

test('lines come whole, however the stream cuts them', async () => {
  assert.deepEqual(await linesOf('one\ntw', 'o\n', '\nfour'), ['one', 'two', '', 'four']);
  assert.deepEqual(await linesOf('one\n'), ['one']);
  assert.deepEqual(await linesOf(), []);
  assert.deepEqual(await linesOf('\r\n'), ['\r']);
  assert.deepEqual(await linesOf('a', 'b', 'c', 'd\n\ne', '\n', 'f', 'g'), ['abcd', '', 'e', 'fg']);
});

test('input that was read and not used can be recovered', async () => {
  const stream = new PassThrough();
  stream.write('one\ntwo\nthr');
  const reader = new LineReader(stream);
  for await (const line of reader.lines(never)) {
    assert.equal(line.toString(), 'one');
    break;
  }
  stream.write('ee\nfour');
  reader.close();
  assert.deepEqual([...reader.takeLines()].map(String), ['two', 'three']);
  assert.deepEqual(reader.takeRest().map(String), ['four']);
  assert.equal(stream.destroyed, true);
});

test('an abort ends the wait for the next line', async () => {
  const stream = new PassThrough();
  const controller = new AbortController();
  const reading = (async () => {
    for await (const line of new LineReader(stream).lines(controller.signal)) assert.fail(line.toString());
  })();
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  await reading;
});

test("a stream's error is thrown", async () => {
  const stream = new PassThrough();
  const reading = (async () => {
    for await (const line of new LineReader(stream).lines(never)) assert.fail(line.toString());
  })();
  stream.destroy(new Error('gone'));
  await assert.rejects(reading, /gone/);
});
