import assert from 'node:assert/strict';
import { endianness } from 'node:os';
import test from 'node:test';
import { until } from '../helpers/deadline.js';
import { skipWithout, startPeer } from '../helpers/foreign.js';
import { untilBlocked } from '../helpers/threads.js';
import { ASCTIME, askClassic, askStatus, openQueue, ownServer, receive } from './server.js';

test('with --reply pid+3 the reply comes at the pid in the body plus 3, as text or as a native integer', async (t) => {
  const { queue } = await ownServer(t, ['--reply', 'pid+3']);
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
    // An int in eight bytes, as of a C program that takes the size of a pointer.
    [Buffer.concat([integer(4711, 4), Buffer.from('junk')]), 4714],
    ['i:4711;', 4714],
    ['s:4:"4711";', 4714],
    // A struct whose first member is the pid, and a buffer of which the pid is only the beginning.
    [Buffer.concat([integer(4711, 4), Buffer.from('what time is it?')]), 4714],
    [Buffer.concat([integer(4711, 4), Buffer.alloc(246, 'x')]), 4714],
    [Buffer.concat([integer(4711, 8), Buffer.alloc(8)]), 4714],
    [Buffer.concat([Buffer.from('4711'), Buffer.alloc(252)]), 4714],
  ];
  for (const [body, type] of bodies) {
    await queue.send(1, body);
    assert.match((await receive(queue, type)).body.toString(), ASCTIME);
  }
});

test('with --reply pid+3 a body without a pid is answered at type 3', async (t) => {
  const { queue } = await ownServer(t, ['--reply', 'pid+3']);
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
    'i:0;',
    'i:4711',
    's:4:4711;',
    'i:47;11',
  ];
  for (const body of bodies) {
    await queue.send(1, body);
    assert.match((await receive(queue, 3)).body.toString(), ASCTIME);
  }
});

test('with --reply pid the reply comes at the pid in the body, unless that is the type of a request or a stop', async (t) => {
  const { queue } = await ownServer(t, ['--reply', 'pid']);
  const bodies: [string | Buffer, number][] = [
    ['4711', 4711],
    [integer(4711, 4), 4711],
    ['4', 4],
    ['1', 3],
    ['2', 3],
    ['3', 3],
    ['', 3],
  ];
  for (const [body, type] of bodies) {
    await queue.send(1, body);
    assert.match((await receive(queue, type)).body.toString(), ASCTIME);
  }
  assert.equal((await askStatus(queue)).reply, 'pid');
});

/** Clients as people have them: the body of their request, and the type that they wait for. */
const CLIENTS = {
  'sends nothing and waits at type 3': ['b""', '3'],
  'sends text and waits at type 3': ['b"what time is it?"', '3'],
  'sends a number and waits at type 3': ['b"123456789"', '3'],
  'sends its pid and waits at type 3': ['str(pid).encode()', '3'],
  'sends its pid and waits at pid + 3': ['str(pid).encode()', 'pid + 3'],
  'sends its pid as an int and waits at pid + 3': ['struct.pack("i", pid)', 'pid + 3'],
  'sends its pid and waits at the pid': ['str(pid).encode()', 'pid'],
  'sends its pid as an int and waits at the pid': ['struct.pack("i", pid)', 'pid'],
  'sends a struct that begins with its pid and waits at the pid': [
    'struct.pack("i200s", pid, b"what time is it?")',
    'pid',
  ],
  'sends its pid as text in a buffer and waits at pid + 3': [
    'struct.pack("100s", str(pid).encode())',
    'pid + 3',
  ],
} as const;

function startClient(t: test.TestContext, key: number, client: keyof typeof CLIENTS, count: number) {
  const [body, type] = CLIENTS[client];
  const text = `
import os, struct, sys, sysv_ipc
pid = os.getpid()
queue = sysv_ipc.MessageQueue(int(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    queue.send(${body}, type=1)
    body, _type = queue.receive(type=${type})
    print(body.decode())`;
  return startPeer(t, 'python', text, [key, count]);
}

for (const client of Object.keys(CLIENTS) as (keyof typeof CLIENTS)[]) {
  test(
    `a server as it starts by itself answers a client that ${client}, and leaves nothing behind`,
    { skip: skipWithout('python') },
    async (t) => {
      const { key } = await ownServer(t);
      const clients = Array.from({ length: 4 }, () => startClient(t, key, client, 100));
      for (const peer of clients) {
        const { code, stdout, stderr } = await peer.exit();
        assert.equal(code, 0, stderr);
        const replies = stdout.trimEnd().split('\n');
        assert.equal(replies.length, 100);
        for (const reply of replies) assert.match(reply, ASCTIME);
      }
      const queue = openQueue(t, key);
      await until(() => queue.stat().messages === 0, 'an empty queue');
    },
  );
}

test(
  'clients of all kinds at once with neighbouring pids, of which many share a type, are answered by one server',
  { skip: skipWithout('python') },
  async (t) => {
    const { key } = await ownServer(t);
    const kinds = Object.values(CLIENTS).map(([body, type]) => `lambda pid: (${body}, ${type})`);
    const text = `
import os, struct, sys, sysv_ipc
kinds = [${kinds.join(', ')}]
queue = sysv_ipc.MessageQueue(int(sys.argv[1]))
children = []
for i in range(16):
    child = os.fork()
    if child == 0:
        body, place = kinds[i % len(kinds)](os.getpid())
        for _ in range(100):
            queue.send(body, type=1)
            queue.receive(type=place)
        os._exit(0)
    children.append(child)
for child in children:
    print(os.waitpid(child, 0)[1])`;
    const { stdout, stderr } = await startPeer(t, 'python', text, [key]).exit();
    assert.equal(stdout, '0\n'.repeat(16), stderr);
  },
);

test('another program’s message at the type of a process stays there', async (t) => {
  const { queue } = await ownServer(t);
  const types = [process.pid, process.pid + 3];
  for (const type of types) await queue.send(type, 'a stranger’s');
  assert.match(await askClassic(queue, String(process.pid)), ASCTIME);
  await until(async () => (await askStatus(queue)).lost.unread > 0, 'the taking back of the copies');
  for (const type of types) {
    const bodies = queue.receiveBatch({ type }).map(({ body }) => body.toString());
    assert.deepEqual(
      bodies.filter((body) => !ASCTIME.test(body)),
      ['a stranger’s'],
    );
  }
});

test(
  'a client that waits where a server with --reply shared never answers is noticed, and the log says what helps',
  { skip: skipWithout('python') },
  async (t) => {
    const { key, server } = await ownServer(t, ['--reply', 'shared']);
    const client = startClient(t, key, 'sends its pid and waits at pid + 3', 1);
    await untilBlocked('msgrcv', client.pid);
    await server.waitFor(
      new RegExp(
        `warning: process ${client.pid} sent its pid and did not read the reply at type 3: .*--reply auto`,
      ),
      'stderr',
    );
  },
);

function integer(value: number, bytes: 4 | 8): Buffer {
  const buffer = Buffer.alloc(8);
  if (endianness() === 'LE') buffer.writeBigInt64LE(BigInt(value));
  else buffer.writeBigInt64BE(BigInt(value));
  return endianness() === 'LE' ? buffer.subarray(0, bytes) : buffer.subarray(8 - bytes);
}
