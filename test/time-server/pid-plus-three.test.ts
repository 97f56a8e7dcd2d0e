import assert from 'node:assert/strict';
import { endianness } from 'node:os';
import test from 'node:test';
import { skipWithout, startPeer } from '../helpers/foreign.js';
import { freshKey } from '../helpers/keys.js';
import { ASCTIME, openQueue, receive, startServer } from './server.js';

test('with --reply pid+3 the reply comes at the pid in the body plus 3, as text or as a native integer', async (t) => {
  const key = freshKey(t);
  await startServer(t, key, ['--reply', 'pid+3']);
  const queue = openQueue(t, key);
  const bodies: [string | Buffer, number][] = [
    ['4711', 4714],
    [' 1\n', 4],
    ['1234\0garbage after the end', 1237],
    ['4194304', 4_194_307],
    [integer(4711, 4), 4714],
    // Its first two bytes are the text 43, but the body is four bytes long.
    [integer(0x3334, 4), 0x3334 + 3],
    ['1234567\0', 1_234_570],
    [integer(99, 8), 102],
  ];
  for (const [body, type] of bodies) {
    await queue.send(1, body);
    assert.match((await receive(queue, type)).body.toString(), ASCTIME);
  }
});

test('with --reply pid+3 a body without a pid is answered at type 3', async (t) => {
  const key = freshKey(t);
  await startServer(t, key, ['--reply', 'pid+3']);
  const queue = openQueue(t, key);
  const bodies = [
    '',
    'x',
    '0',
    '-5',
    '4194305',
    '99999999',
    '1.5',
    integer(-1, 4),
    integer(0, 4),
    integer(5, 8).subarray(1),
  ];
  for (const body of bodies) {
    await queue.send(1, body);
    assert.match((await receive(queue, 3)).body.toString(), ASCTIME);
  }
});

test(
  'a client that sends its pid and waits for pid + 3 is served',
  { skip: skipWithout('python') },
  async (t) => {
    const key = freshKey(t);
    await startServer(t, key, ['--reply', 'pid+3']);
    const text = `
import os, sys, sysv_ipc
queue = sysv_ipc.MessageQueue(int(sys.argv[1]))
for _ in range(100):
    queue.send(str(os.getpid()).encode(), type=1)
    body, _type = queue.receive(type=os.getpid() + 3)
print(body.decode())`;
    const clients = Array.from({ length: 4 }, () => startPeer(t, 'python', text, [key]));
    for (const client of clients) {
      const { code, stdout, stderr } = await client.exit();
      assert.equal(code, 0, stderr);
      assert.match(stdout.trimEnd(), ASCTIME);
    }
  },
);

function integer(value: number, bytes: 4 | 8): Buffer {
  const buffer = Buffer.alloc(8);
  if (endianness() === 'LE') buffer.writeBigInt64LE(BigInt(value));
  else buffer.writeBigInt64BE(BigInt(value));
  return endianness() === 'LE' ? buffer.subarray(0, bytes) : buffer.subarray(8 - bytes);
}
