import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { connect, connectionSettings, NatsError, type NatsConnection } from '@timeq/nats';
import { atEnd } from '../helpers/cleanup.js';
import { deadline } from '../helpers/deadline.js';
import { freePort, natsReleases, skipWithoutNats, startNats } from '../helpers/nats.js';

async function connected(t: TestContext, url: string): Promise<NatsConnection> {
  const connection = await connect(settingsFor(url), { name: 'test' });
  atEnd(t, () => connection.close());
  return connection;
}

function settingsFor(server: string): ReturnType<typeof connectionSettings> {
  return connectionSettings({ server }, { HOME: '/nonexistent' });
}

async function refusal(connecting: Promise<NatsConnection>): Promise<NatsError> {
  try {
    await (await connecting).close();
  } catch (error) {
    assert.ok(error instanceof NatsError, String(error));
    return error;
  }
  return assert.fail('it connected');
}

/** Answers what is asked at a subject with its own body. */
function echo(connection: NatsConnection): void {
  connection.subscribe('echo', {
    callback: (_, { reply = '', data }) => connection.publish(reply, data),
  });
}

/** The next message at a subject. */
function next(connection: NatsConnection, subject: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    connection.subscribe(subject, {
      callback: (error, { data }) => (error === null ? resolve(data) : reject(error)),
    });
  });
}

describe('a connection with NATS', { skip: skipWithoutNats() }, () => {
  for (const release of natsReleases) {
    it(`asks and is answered, and comes back when the server was killed (${release.version})`, async (t) => {
      const server = await startNats(t, { release });
      const [one, other] = [await connected(t, server.url), await connected(t, server.url)];
      assert.equal(one.info?.version, release.version);
      for (const round of ['before', 'after the kill']) {
        if (round !== 'before') {
          const back = [one, other].map(async (connection) => {
            for await (const { type } of connection.status()) if (type === 'reconnect') return;
          });
          await server.end();
          await server.start();
          await deadline(Promise.all(back), 'the return of both connections');
        } else {
          echo(other);
        }
        const answer = next(one, `answers.${round.length}`);
        await Promise.all([one.flush(), other.flush()]);
        one.publish('echo', round, { reply: `answers.${round.length}` });
        assert.equal(Buffer.from(await deadline(answer, 'the answer')).toString(), round);
      }
    });
  }

  it('connects with the next server where one is not there', async (t) => {
    const server = await startNats(t);
    const connection = await connected(t, `127.0.0.1:${await freePort()},127.0.0.1:${server.port}`);
    assert.equal(connection.getServer(), `127.0.0.1:${server.port}`);
  });
});

/** Reads and says nothing. */
function ignore(socket: Socket): Socket {
  return socket.resume().on('error', () => undefined);
}

describe('what is no NATS server', () => {
  it('is told in one sentence where nothing listens', async () => {
    const port = await freePort();
    const { code, message } = await refusal(connect(settingsFor(`127.0.0.1:${port}`), { name: 'test' }));
    assert.equal(code, 'NO_SERVER');
    assert.match(
      message,
      new RegExp(`^there is no NATS server at nats://127\\.0\\.0\\.1:${port} .*nats-server$`),
    );
  });

  it('is told where something else listens, or says nothing', async (t) => {
    const stranger = createServer((socket) => ignore(socket).write('220 mail.example.org\r\n'));
    const silent = createServer(ignore);
    for (const each of [stranger, silent]) {
      await once(each.listen(0, '127.0.0.1'), 'listening');
      atEnd(t, () => void each.close());
    }
    const at = (each: typeof silent) => `127.0.0.1:${(each.address() as { port: number }).port}`;
    const other = await refusal(connect(settingsFor(at(stranger)), { name: 'test' }));
    assert.equal(other.code, 'FAILED');
    assert.match(other.message, /^no connection to a NATS server at /);
    const none = await refusal(connect(settingsFor(at(silent)), { name: 'test', timeout: 50 }));
    assert.equal(none.code, 'TIMED_OUT');
    assert.match(none.message, /did not answer in time$/);
  });

  it('is cancelled at once when its signal is aborted', async (t) => {
    const silent = createServer(ignore);
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    atEnd(t, () => void silent.close());
    const abort = new AbortController();
    const { port } = silent.address() as { port: number };
    const connecting = connect(settingsFor(`127.0.0.1:${port}`), {
      name: 'test',
      signal: abort.signal,
      timeout: 600_000,
    });
    await once(silent, 'connection');
    abort.abort(new Error('enough'));
    await assert.rejects(deadline(connecting, 'the end of the attempt'), /enough/);
  });
});
