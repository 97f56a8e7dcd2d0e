import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { hangMilliseconds } from '../helpers/deadline.js';
import { skipWithout, startPeer } from '../helpers/foreign.js';
import { freshKey } from '../helpers/keys.js';
import { startSnippet, startWith } from '../helpers/node.js';
import { drain, privateQueue } from './queue.js';

const forms = {
  'the event loop': `for await (const { type, body } of queue.messages({ type: 1 })) await queue.send(2, body);`,
  'blocking calls': `for (;;) queue.sendSync(2, queue.receiveSync({ type: 1 }).body);`,
  'blocking calls with timeouts': `for (;;) queue.sendSync(2, queue.receiveSync({ type: 1, timeout: 1e6 }).body, { timeout: 1e6 });`,
};

for (const [name, loop] of Object.entries(forms)) {
  test(`two processes exchange 3,000 messages, the other one by ${name}`, async (t) => {
    const queue = privateQueue(t);
    startWith(t, queue, loop);
    for (let index = 0; index < 3000; index++) {
      const body = index % 5 === 0 ? '' : String(index);
      await queue.send(1, body);
      assert.equal((await queue.receive({ type: 2, timeout: hangMilliseconds })).body.toString(), body);
    }
    assert.deepEqual(drain(queue), []);
  });
}

test('messages of several processes all arrive, each process’s own in order', async (t) => {
  const queue = privateQueue(t);
  const [senders, each] = [4, 5000];
  for (let sender = 1; sender <= senders; sender++) {
    startSnippet(
      t,
      `import { MessageQueue } from '@timeq/mq-native';
      const [id, type, count] = process.argv.slice(1).map(Number);
      const queue = MessageQueue.fromId(id);
      for (let index = 0; index < count; index++) queue.send(type, String(index));`,
      [queue.id, sender, each],
    );
  }
  const next = new Map<number | bigint, number>();
  for (let count = 0; count < senders * each; count++) {
    const { type, body } = await queue.receive({ timeout: hangMilliseconds });
    assert.equal(Number(body), next.get(type) ?? 0);
    next.set(type, Number(body) + 1);
  }
  assert.deepEqual(
    [...next.values()],
    Array.from({ length: senders }, () => each),
  );
});

test('messages that several processes receive go to one of them each', async (t) => {
  const queue = privateQueue(t);
  const [receivers, count] = [4, 20_000];
  const programs = Array.from({ length: receivers }, (_, index) =>
    startWith(
      t,
      queue,
      `let sum = 0;
      let received = 0;
      for (;;) {
        const { type, body } = ${index % 2 === 0 ? 'await queue.receive()' : 'queue.receiveSync()'};
        if (type === 2) break;
        received += 1;
        sum += Number(body);
      }
      console.log('received', received, sum);`,
    ),
  );
  for (let index = 0; index < count; index++) await queue.send(1, String(index));
  for (let index = 0; index < receivers; index++) await queue.send(2, '');
  let received = 0;
  let sum = 0;
  for (const program of programs) {
    const match = await program.waitFor(/received (\d+) (\d+)/);
    received += Number(match[1]);
    sum += Number(match[2]);
  }
  assert.equal(received, count);
  assert.equal(sum, (count * (count - 1)) / 2);
});

const echoes = {
  python: `import sysv_ipc, sys
queue = sysv_ipc.MessageQueue(int(sys.argv[1]), max_message_size=8192)
while True:
    body, type = queue.receive(type=1)
    queue.send(body, type=2)`,
  perl: `use IPC::Msg;
    my $queue = IPC::Msg->new(shift, 0);
    while (1) {
      $queue->rcv(my $body, 8192, 1);
      $queue->snd(2, $body);
    }`,
  php: `$queue = msg_get_queue((int) $argv[1]);
    while (true) {
      msg_receive($queue, 1, $type, 8192, $body, false);
      msg_send($queue, 2, $body, false);
    }`,
};

for (const peer of ['python', 'perl', 'php'] as const) {
  test(`bodies of any bytes pass to ${peer} and back`, { skip: skipWithout(peer) }, async (t) => {
    const key = freshKey(t);
    const queue = MessageQueue.create(key);
    startPeer(t, peer, echoes[peer], [key]);
    const all = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
    for (const body of [all, Buffer.alloc(8192, all), Buffer.alloc(5), Buffer.from('grüße\n')]) {
      await queue.send(1, body);
      assert.deepEqual((await queue.receive({ type: 2, timeout: hangMilliseconds })).body, body);
    }
    if (peer !== 'php') {
      await queue.send(1, '');
      assert.equal((await queue.receive({ type: 2, timeout: hangMilliseconds })).body.length, 0);
    }
  });
}
