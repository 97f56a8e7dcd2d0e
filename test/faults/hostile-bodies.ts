import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MessageQueue } from '@timeq/mq-native';
import { TimeClient } from '@timeq/time-client';
import { parseReply } from '@timeq/time-protocol';
import { hangMilliseconds } from '../helpers/deadline.js';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey, freshType } from '../helpers/keys.js';
import type { Fault } from './fault.js';
import { listeningServer } from './servers.js';

/** The reply that a body requires by the rules of docs/protocol.md, without the server's own code. */
type Expected = 'classic' | 'time' | 'status' | 'BAD_ID' | 'UNKNOWN_ASK' | 'REPLY_TOO_LONG';

interface Hostile {
  readonly body: Uint8Array | string;
  readonly expected: Expected;
}

/** How many requests are under way at once. */
const AT_ONCE = 40;
const ASCTIME = /^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4,}$/;

function anyHostile(replyTo: number, largest: number): fc.Arbitrary<Hostile> {
  const valid = { timeq: 1, id: 'a', replyTo };
  const classic = (bodies: fc.Arbitrary<Uint8Array | string>): fc.Arbitrary<Hostile> =>
    bodies.map((body) => ({ body, expected: 'classic' }));
  const json = (values: fc.Arbitrary<unknown>, expected: Expected): fc.Arbitrary<Hostile> =>
    values.map((value) => ({ body: JSON.stringify(value), expected }));
  const text = JSON.stringify(valid);
  const bombs = ['[', '{', '{"timeq":', '[[{"a":', '"\\u', '9', '-', '1e', 'null,', '{"timeq":1,"x":'];
  return fc.oneof(
    { weight: 6, arbitrary: classic(fc.uint8Array({ maxLength: 200 })) },
    { weight: 3, arbitrary: classic(fc.string({ maxLength: 200 })) },
    // Truncated anywhere, it is not an object.
    {
      weight: 6,
      arbitrary: classic(fc.integer({ min: 0, max: text.length - 1 }).map((end) => text.slice(0, end))),
    },
    {
      weight: 2,
      arbitrary: classic(
        fc
          .tuple(fc.constantFrom(...bombs), fc.integer({ min: 1, max: largest }))
          .map(([bomb, length]) => bomb.repeat(Math.ceil(length / bomb.length)).slice(0, length)),
      ),
    },
    { weight: 1, arbitrary: classic(fc.uint8Array({ minLength: largest - 8, maxLength: largest })) },
    { weight: 2, arbitrary: classic(fc.json({ maxDepth: 6 }).filter((body) => body.length < largest)) },
    // No client can receive a reply at these types.
    {
      weight: 3,
      arbitrary: json(
        fc
          .oneof(
            fc.integer({ max: 2 ** 32 - 1 }),
            fc.double({ noInteger: true }),
            fc.constant('9'.repeat(30)),
            fc.constant(null),
          )
          .map((nowhere) => ({ ...valid, replyTo: nowhere })),
        'classic',
      ),
    },
    {
      weight: 2,
      arbitrary: json(
        fc.constantFrom(0, 2, '1', true, null, [1]).map((timeq) => ({ ...valid, timeq })),
        'classic',
      ),
    },
    {
      weight: 2,
      arbitrary: json(
        fc
          .oneof(
            fc.constantFrom(null, true, 2 ** 53, -(2 ** 60), 1.5),
            fc.array(fc.integer()),
            fc.dictionary(fc.string(), fc.string()),
          )
          .map((id) => ({ ...valid, id })),
        'BAD_ID',
      ),
    },
    {
      weight: 2,
      arbitrary: json(
        fc
          .oneof(fc.string(), fc.constantFrom('toString', '__proto__', 1, null, true), fc.array(fc.integer()))
          .filter((ask) => ask !== 'time' && ask !== 'status')
          .map((ask) => ({ ...valid, ask })),
        'UNKNOWN_ASK',
      ),
    },
    // Extra fields, and names with a meaning in JavaScript: the server returns ids unchanged.
    {
      weight: 4,
      arbitrary: fc
        .tuple(
          fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
          fc.string({ maxLength: 100 }),
        )
        .map(([more, id]): Hostile => ({
          body: JSON.stringify({ ...more, ...valid, id, ask: 'time' }),
          expected: 'time',
        })),
    },
    { weight: 1, arbitrary: json(fc.constant({ ...valid, ask: 'status' }), 'status') },
    {
      weight: 1,
      arbitrary: json(
        fc.constant({
          ...valid,
          id: '\u0001'.repeat(Math.floor((largest - JSON.stringify(valid).length) / 6)),
        }),
        'REPLY_TOO_LONG',
      ),
    },
  );
}

function kindOf(body: Buffer): Expected {
  const reply = parseReply(body);
  assert.ok(reply !== undefined, `not a reply: ${body.toString('latin1')}`);
  return (reply.kind === 'error' ? reply.error.code : reply.kind) as Expected;
}

function countOf(kinds: readonly Expected[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of kinds.toSorted()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Sends them all while it receives the replies, because they do not all fit into the queue. */
async function exchange(
  queue: MessageQueue,
  replyTo: number,
  bodies: readonly Hostile[],
): Promise<Expected[]> {
  const sending = (async () => {
    for (const { body } of bodies) await queue.send(1, body, { timeout: hangMilliseconds });
  })();
  const classic = bodies.filter(({ expected }) => expected === 'classic').length;
  const answers: Expected[] = [];
  const take = async (type: number, count: number, kind: (body: Buffer) => Expected): Promise<void> => {
    for (let taken = 0; taken < count; taken++) {
      answers.push(kind((await queue.receive({ type, timeout: hangMilliseconds })).body));
    }
  };
  await Promise.all([
    sending,
    take(replyTo, bodies.length - classic, kindOf),
    take(3, classic, (body) => {
      assert.match(body.toString('latin1'), ASCTIME);
      return 'classic';
    }),
  ]);
  return answers;
}

export const hostileBodies: Fault = {
  name: 'hostile-bodies',
  title:
    'whatever the body of a request, it gets the answer that the protocol says, and so does the honest client',
  async run(t, { random, long }) {
    const bodies = long ? 1_000_000 : 10_000;
    const key = freshKey(t);
    // With `auto`, copies for a body that is the pid of a program stay in the queue for a while.
    const server = await listeningServer(t, key, ['--reply', 'shared']);
    using queue = MessageQueue.open(key);
    using honest = TimeClient.connect(key, { timeout: hangMilliseconds });
    const replyTo = freshType();
    const largest = Math.min(MessageQueue.limits().maxMessageBytes, queue.stat().maxBytes);
    const seed = random.below(2 ** 31);
    let honestAnswers = 0;
    const details = await fc.check(
      fc.asyncProperty(
        fc.array(anyHostile(replyTo, largest), { minLength: AT_ONCE, maxLength: AT_ONCE }),
        async (those) => {
          const [answers] = await Promise.all([exchange(queue, replyTo, those), honest.now()]);
          honestAnswers += 1;
          assert.deepEqual(countOf(answers), countOf(those.map(({ expected }) => expected)));
        },
      ),
      // After a failure, unread messages are left in the queue, and would fail every smaller example.
      { seed, numRuns: bodies / AT_ONCE, endOnFailure: true },
    );
    // The report of fast-check would contain all bodies.
    if (details.failed) {
      throw new Error(`fast-check seed ${seed}, path ${details.counterexamplePath}`, {
        cause: details.errorInstance,
      });
    }
    assert.equal(queueAt(key)?.['qnum'], 0);
    assert.equal((await server.killed('SIGTERM')).code, 0);
    return `${bodies} bodies (fast-check seed ${seed}), each with the right answer; ${honestAnswers} answers to the honest client in between`;
  },
};
