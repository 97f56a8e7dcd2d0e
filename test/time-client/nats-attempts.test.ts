import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { AttemptPace } from '#time-client/nats/attempt-pace';
import { ClientError, NatsTimeClient, type NatsClientOptions } from '@timeq/time-client';
import { deadline, hangMilliseconds, until } from '../helpers/deadline.js';
import { skipWithoutNats, startNats, type NatsServer } from '../helpers/nats.js';
import type { NatsConnection, NatsMessage } from '@timeq/nats';
import { TimeReplyWriter } from '@timeq/time-protocol';
import { connected, startTimeServer, text } from '../nats/support.js';

/** A pace after so many answers, each of which took so many milliseconds. */
function paceAfter(...answers: ReadonlyArray<readonly [count: number, milliseconds: number]>): AttemptPace {
  const pace = new AttemptPace();
  for (const [count, milliseconds] of answers)
    for (let answer = 0; answer < count; answer += 1) pace.answered(milliseconds);
  return pace;
}

describe('the pace of attempts', () => {
  it('is 250 ms until answers are known, and then ten times what most take, within bounds', () => {
    assert.equal(paceAfter().wait(1), 250);
    assert.equal(paceAfter([63, 1]).wait(1), 250);
    assert.equal(paceAfter([64, 5]).wait(1), 50);
    assert.equal(paceAfter([64, 0.1]).wait(1), 20);
    assert.equal(paceAfter([64, 900]).wait(1), 1000);
  });

  it('does not change for one late answer in a hundred, does for more, and forgets them', () => {
    assert.equal(paceAfter([127, 5], [1, 80]).wait(1), 50);
    assert.equal(paceAfter([124, 5], [4, 80]).wait(1), 800);
    assert.equal(paceAfter([128, 80], [128, 5]).wait(1), 50);
  });

  it('doubles from the third attempt on, up to 250 ms, and never becomes shorter', () => {
    const fast = paceAfter([64, 2]);
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 7, 60].map((attempts) => fast.wait(attempts)),
      [20, 20, 40, 80, 160, 250, 250, 250],
    );
    const slow = paceAfter([64, 50]);
    assert.deepEqual(
      [1, 2, 3, 9].map((attempts) => slow.wait(attempts)),
      [500, 500, 500, 500],
    );
  });
});

/** Receives requests at `between.now`, and passes them on to the time servers or not. */
interface Between {
  readonly client: NatsTimeClient;
  /** The ids of the requests that came, in order. */
  readonly ids: readonly number[];
}

async function between(
  t: TestContext,
  nats: NatsServer,
  pass: (count: number, forward: () => void) => void,
  options: NatsClientOptions = {},
): Promise<Between> {
  const way = await connected(t, nats.url);
  const ids: number[] = [];
  way.subscribe('between.now', {
    callback: (_, message) => {
      ids.push((JSON.parse(text(message)) as { id: number }).id);
      pass(ids.length, () => way.publish('timeq.now', message.data, { reply: message.reply ?? '' }));
    },
  });
  await way.flush();
  const client = new NatsTimeClient(await connected(t, nats.url), { subject: 'between', ...options });
  return { client, ids };
}

async function failure(promise: Promise<unknown>): Promise<string> {
  return await deadline(promise, 'the end of the request').then(
    () => 'none',
    (error: unknown) => (error instanceof ClientError ? error.code : String(error)),
  );
}

/** A connection to no server: the test says what comes of what is published. */
function connectionByHand() {
  const published: Array<{ subject: string; id: number; reply: string }> = [];
  let receive: ((error: null, message: NatsMessage) => void) | undefined;
  const connection: NatsConnection = {
    publish: (subject, payload, { reply = '' } = {}) => {
      const { id } = JSON.parse(Buffer.from(payload ?? '').toString()) as { id: number };
      published.push({ subject, id, reply });
    },
    subscribe: (_, { callback }) => {
      receive = callback;
      return { unsubscribe: () => undefined, drain: () => Promise.resolve() };
    },
    flush: () => Promise.resolve(),
    drain: () => Promise.resolve(),
    close: () => Promise.resolve(),
    closed: () => new Promise(() => undefined),
    isClosed: () => false,
    getServer: () => 'nowhere:4222',
    status: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }),
  };
  const answer = (id: number): void => {
    const data = new TimeReplyWriter().write(id, 10n ** 18n, 10n ** 18n, 'Sun Sep  9 01:46:40 2001');
    const { reply } = published.find((each) => each.id === id) ?? assert.fail();
    receive?.(null, { subject: reply, data: data ?? assert.fail() });
  };
  const refuse = (id: number): void => {
    const { reply } = published.find((each) => each.id === id) ?? assert.fail();
    receive?.(null, { subject: reply, data: new Uint8Array(), headers: { get: () => '', code: 503 } });
  };
  return { connection, published, answer, refuse };
}

describe('once one request found a server again', () => {
  it('the others are sent at once, whether they were refused or without an answer', async () => {
    const { connection, published, answer, refuse } = connectionByHand();
    const client = new NatsTimeClient(connection, { timeout: hangMilliseconds });
    const requests = Array.from({ length: 16 }, () => client.now());
    for (let id = 1; id <= 15; id++) refuse(id);
    published.splice(16);
    // No timer can run in this turn.
    answer(1);
    assert.deepEqual(
      published.slice(16).map(({ id }) => id),
      Array.from({ length: 15 }, (_, index) => index + 2),
    );
    answer(2);
    assert.equal(published.length, 31, 'and only once');
    for (let id = 3; id <= 16; id++) answer(id);
    await Promise.all(requests);
    client.close();
  });

  it('an alarm that was refused is set at once, and no other one twice', async () => {
    const { connection, published, answer, refuse } = connectionByHand();
    const client = new NatsTimeClient(connection, { timeout: hangMilliseconds });
    const time = client.now();
    const alarms = [1n, 2n].map((at) => client.alarm({ at }));
    refuse(2);
    answer(1);
    assert.deepEqual(
      published.map(({ id }) => id),
      [1, 2, 3, 2],
    );
    client.close();
    await time;
    await Promise.allSettled(alarms);
  });
});

describe('requests over NATS', { skip: skipWithoutNats() }, () => {
  it('are sent again with the same id until one is answered', async (t) => {
    const nats = await startNats(t);
    await startTimeServer(t, nats.url);
    const { client, ids } = await between(t, nats, (count, forward) => {
      if (count > 3) forward();
    });
    await client.now({ timeout: hangMilliseconds });
    assert.deepEqual(ids, [1, 1, 1, 1]);
    client.close();
  });

  it('are sent once if they are answered, each with an id of its own, also many in one turn', async (t) => {
    const nats = await startNats(t);
    await startTimeServer(t, nats.url);
    let stopped = false;
    const { client, ids } = await between(t, nats, (_, forward) => {
      if (!stopped) forward();
    });
    await Promise.all(Array.from({ length: 50 }, () => client.now({ timeout: hangMilliseconds })));
    assert.deepEqual(new Set(ids).size, 50);
    // A request that is over is not sent again: only the last one is.
    stopped = true;
    const last = client.now({ timeout: hangMilliseconds });
    await until(() => ids.filter((id) => id === 51).length >= 3, 'three attempts');
    assert.ok(new Set(ids.slice(ids.indexOf(51))).size === 1);
    client.close();
    assert.equal(await failure(last), 'CLOSED');
  });

  it('take the first answer, and neither a second nor a late one for that of another request', async (t) => {
    const nats = await startNats(t);
    await startTimeServer(t, nats.url);
    const late: (() => void)[] = [];
    const { client, ids } = await between(t, nats, (count, forward) => {
      if (count === 1) late.push(forward);
      else {
        late.splice(0).forEach((each) => each());
        forward();
        forward();
      }
    });
    assert.equal(await failure(client.now({ timeout: 1 })), 'TIMED_OUT');
    let last = 0n;
    for (let round = 0; round < 20; round += 1) {
      const { received } = await client.now({ timeout: hangMilliseconds });
      assert.ok(received > last);
      last = received;
    }
    assert.ok(ids.includes(21));
    client.close();
  });

  it('that no server listens to wait for one to come, for half a second if there never was one', async (t) => {
    const nats = await startNats(t);
    const client = new NatsTimeClient(await connected(t, nats.url));
    const start = performance.now();
    assert.equal(await failure(client.now({ timeout: Infinity })), 'NO_RESPONDERS');
    assert.ok(performance.now() - start >= 500);
    const server = await startTimeServer(t, nats.url);
    await client.now({ timeout: hangMilliseconds });
    await server.end();
    assert.equal(await failure(client.now({ timeout: 1000 })), 'NO_RESPONDERS');
    const waiting = client.now({ timeout: hangMilliseconds });
    await startTimeServer(t, nats.url);
    await waiting;
    client.close();
  });

  it('wait while NATS is away, and are sent once it is back', async (t) => {
    const nats = await startNats(t);
    const connection = await connected(t, nats.url);
    const client = new NatsTimeClient(connection);
    await startTimeServer(t, nats.url);
    await client.now({ timeout: hangMilliseconds });
    await nats.end();
    const gone = until(
      () => failure(client.now({ timeout: 50 })).then((code) => code === 'DISCONNECTED'),
      'it',
    );
    await gone;
    const waiting = client.now({ timeout: hangMilliseconds });
    await nats.start();
    await deadline(waiting, 'the answer after NATS is back');
    client.close();
  });

  it('end with their client, and with their connection', async (t) => {
    const nats = await startNats(t);
    const silent = await connected(t, nats.url);
    silent.subscribe('timeq.now', { callback: () => undefined });
    await silent.flush();
    const connection = await connected(t, nats.url);
    const one = new NatsTimeClient(connection);
    const waiting = failure(one.now({ timeout: Infinity }));
    one.close();
    assert.equal(await waiting, 'CLOSED');
    const other = new NatsTimeClient(connection);
    const pending = failure(other.now({ timeout: Infinity }));
    await connection.close();
    assert.equal(await pending, 'CLOSED');
    assert.equal(await failure(other.now()), 'CLOSED');
  });

  it('of which the answer is that of another request are refused', async (t) => {
    const nats = await startNats(t);
    const stranger = await connected(t, nats.url);
    stranger.subscribe('timeq.now', {
      callback: (_, message) => {
        const { id } = JSON.parse(text(message)) as { id: number };
        stranger.publish('real.now', text(message).replace(`"id":${id}`, `"id":${id + 1}`), {
          reply: message.reply ?? '',
        });
      },
    });
    await stranger.flush();
    await startTimeServer(t, nats.url, '--subject', 'real');
    const client = new NatsTimeClient(await connected(t, nats.url));
    assert.equal(await failure(client.now({ timeout: hangMilliseconds })), 'REFUSED');
    client.close();
  });
});
