import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageQueue, ReceiveOptions } from '@timeq/mq-native';
import { untilBlocked } from '../helpers/threads.js';
import { drain, privateQueue } from './queue.js';

type Take = (queue: MessageQueue, options?: ReceiveOptions) => Promise<number | bigint | undefined>;

const forms: Record<string, Take> = {
  receive: async (queue, options) => (await queue.receive(options)).type,
  tryReceive: async (queue, options) => queue.tryReceive(options)?.type,
  receiveSync: async (queue, options) => queue.receiveSync(options).type,
  receiveBatch: async (queue, options) => queue.receiveBatch({ ...options, max: 1 })[0]?.type,
  messages: async (queue, options) => (await queue.messages(options).next()).value?.type,
};

for (const [name, take] of Object.entries(forms)) {
  test(`${name} takes the first message of all, of one type, of the lowest type up to one, or of any but one`, async (t) => {
    const queue = privateQueue(t);
    const fill = (): void => {
      for (const type of [5, 3, 9, 3, 7]) queue.sendSync(type, '');
    };
    const cases: [ReceiveOptions | undefined, number, number[]][] = [
      [undefined, 5, [3, 9, 3, 7]],
      [{}, 5, [3, 9, 3, 7]],
      [{ type: 0 }, 5, [3, 9, 3, 7]],
      [{ type: 9 }, 9, [5, 3, 3, 7]],
      [{ type: 3 }, 3, [5, 9, 3, 7]],
      [{ type: 9n }, 9, [5, 3, 3, 7]],
      [{ type: -9 }, 3, [5, 9, 3, 7]],
      [{ type: -100n }, 3, [5, 9, 3, 7]],
      [{ type: -3 }, 3, [5, 9, 3, 7]],
      [{ except: 5 }, 3, [5, 9, 3, 7]],
      [{ except: 3 }, 5, [3, 9, 3, 7]],
      [{ except: 1 }, 5, [3, 9, 3, 7]],
    ];
    for (const [options, expected, rest] of cases) {
      fill();
      assert.equal(await take(queue, options), expected, JSON.stringify(String(options?.type)));
      assert.deepEqual(drain(queue), rest);
    }
  });
}

test('a message that does not match stays, and tryReceive and receiveBatch return nothing', (t) => {
  const queue = privateQueue(t);
  queue.sendSync(5, '');
  for (const selection of [{ type: 4 }, { type: -4 }, { except: 5 }]) {
    assert.equal(queue.tryReceive(selection), undefined);
    assert.deepEqual(queue.receiveBatch(selection), []);
  }
  assert.deepEqual(drain(queue), [5]);
});

test('several receives wait on one queue with different selections, and each gets its own', async (t) => {
  const queue = privateQueue(t);
  const receiving = {
    four: queue.receive({ type: 4 }),
    upToThree: queue.receive({ type: -3 }),
    large: queue.receive({ type: 2 ** 40 }),
    notFour: queue.receive({ except: 4 }),
  };
  await untilBlocked('msgrcv', process.pid, 4);
  // Two of them would take a message of type 2; the other of the two takes the next.
  await queue.send(4, 'four');
  assert.equal((await receiving.four).body.toString(), 'four');
  await queue.send(2, 'two');
  const first = await Promise.race([receiving.upToThree, receiving.notFour]);
  assert.equal(first.body.toString(), 'two');
  await queue.send(3, 'three');
  const both = await Promise.all([receiving.upToThree, receiving.notFour]);
  assert.deepEqual(both.map(({ body }) => body.toString()).toSorted(), ['three', 'two']);
  await queue.send(2 ** 40, 'large');
  assert.equal((await receiving.large).body.toString(), 'large');
  assert.deepEqual(drain(queue), []);
});

test('a wait for one type is not disturbed by a thousand messages of another', async (t) => {
  const queue = privateQueue(t);
  const receiving = queue.receive({ type: 2 });
  await untilBlocked('msgrcv');
  for (let count = 0; count < 1000; count++) queue.sendSync(1, '');
  await queue.send(2, 'found');
  assert.equal((await receiving).body.toString(), 'found');
  assert.equal(drain(queue).length, 1000);
});

test('"type" and "except" exclude one another', async (t) => {
  const queue = privateQueue(t);
  assert.throws(() => queue.tryReceive({ type: 1, except: 2 }), {
    name: 'RangeError',
    code: 'ERR_OUT_OF_RANGE',
  });
  await assert.rejects(queue.receive({ type: 1, except: 2 }), { name: 'RangeError' });
});
