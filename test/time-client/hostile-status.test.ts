import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { Liveness, MessageQueue } from '@timeq/mq-native';
import { atEnd } from '../helpers/cleanup.js';
import { freshKey } from '../helpers/keys.js';
import type { Exit } from '../helpers/process.js';
import { trackQueue } from '../helpers/tracking.js';
import { nextRequest, startTimeClient } from './support.js';

const WORDS = 'kill 1; rm -rf ~';

/** Status objects that no server sends. */
const HOSTILE = [
  {},
  {
    pid: WORDS,
    version: WORDS.repeat(20),
    uptimeNs: WORDS,
    startedAt: {},
    served: WORDS,
    lost: [],
    queue: WORDS,
  },
  {
    pid: -1,
    version: {},
    uptimeNs: 5,
    served: { classic: 'x' },
    lost: { unread: {} },
    queue: {},
    waiting: 'many',
  },
  {
    pid: 1.5,
    served: null,
    lost: null,
    queue: { id: {}, mode: '\u001b[2J', messages: 'x' },
    reply: 'toString',
  },
  { pid: 2 ** 60, reply: 5, onStop: { toString: 1 }, waiting: -5, queue: [] },
];

for (const [index, status] of HOSTILE.entries()) {
  for (const verb of [['status'], ['status', '--json'], ['stop', '--timeout', '60s']]) {
    test(`hostile status ${index} does no harm to ${verb.join(' ')}`, async (t) => {
      const { code, stdout, stderr } = await answerWith(t, verb, {
        ...status,
        onStop: verb[0] === 'stop' ? 'ignore' : 5,
      });
      assert.equal(code, verb[0] === 'stop' ? 1 : 0, stderr);
      assert.doesNotMatch(stdout + stderr, /TypeError|NaN|undefined|\[object|rm -rf/);
      assert.ok(!(stdout + stderr).includes('\u001b'));
      if (verb[0] === 'stop')
        assert.match(stderr, new RegExp(`\\(pid ${process.pid}\\).*: kill ${process.pid}\\n$`));
    });
  }
}

async function answerWith(t: TestContext, verb: readonly string[], status: object): Promise<Exit> {
  const key = freshKey(t);
  const queue = trackQueue(t, MessageQueue.create(key));
  const liveness = Liveness.claim(key, { mode: 0o600 });
  atEnd(t, () => liveness.release());
  const client = startTimeClient(t, key, verb);
  const { id, replyTo } = await nextRequest(queue);
  await queue.send(replyTo, JSON.stringify({ timeq: 1, id, status, received: '1', sent: '2' }));
  return await client.exit();
}
