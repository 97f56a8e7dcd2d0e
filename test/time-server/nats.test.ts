import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { freePort, skipWithoutNats, startNats } from '../helpers/nats.js';
import { bin, runNode } from '../helpers/node.js';
import { ask, connected, NO_CONTEXT, startTimeServer, text } from '../nats/support.js';

describe('time-server over NATS', { skip: skipWithoutNats() }, () => {
  it('serves a queue and NATS at once, and counts both', async (t) => {
    const key = String(freshKey(t));
    const nats = await startNats(t);
    const server = await startTimeServer(t, nats.url, '--nats', '--key', key);
    await runNode(t, [bin('time-client'), 'now', '--key', key]);
    const connection = await connected(t, nats.url);
    await ask(connection, 'timeq.now', '{"timeq":1,"id":1}');
    const [status] = await ask(connection, 'timeq.status', '');
    const { served, queue, pid } = (
      JSON.parse(status ? text(status) : '') as {
        status: { served: object; queue: { key: number }; pid: number };
      }
    ).status;
    assert.deepEqual(served, { classic: 0, addressed: 2, status: 1, refused: 0 });
    assert.deepEqual([queue.key, pid], [Number(key), server.pid]);
    const stopped = await runNode(t, [bin('time-client'), 'stop', '--key', key]);
    assert.equal(stopped.code, 0);
    assert.equal((await server.exit()).code, 0);
    assert.equal(queueAt(Number(key)), undefined);
  });

  it('answers what is on its way when it is ended, and ends with 0', async (t) => {
    const nats = await startNats(t);
    const server = await startTimeServer(t, nats.url);
    const connection = await connected(t, nats.url);
    const asked = Array.from({ length: 200 }, () => ask(connection, 'timeq.now', ''));
    await connection.flush();
    server.kill('SIGTERM');
    const codes = (await Promise.all(asked)).map(([answer]) => answer?.headers?.code ?? 0);
    assert.deepEqual(new Set(codes), new Set([0]));
    assert.deepEqual([(await server.exit()).code, server.stderr], [0, '']);
  });

  it('comes back by itself when NATS was gone, and says so', async (t) => {
    const nats = await startNats(t);
    const server = await startTimeServer(t, nats.url);
    await nats.end();
    await server.waitFor('the NATS server is gone', 'stderr');
    await nats.start();
    await server.waitFor('connected with NATS at');
    assert.match(
      text((await ask(await connected(t, nats.url), 'timeq.now', ''))[0] ?? assert.fail()),
      /\d{4}$/,
    );
  });

  it('claims no key where NATS is not there: exit code 3', async (t) => {
    const key = freshKey(t);
    const server = `127.0.0.1:${await freePort()}`;
    const { code, stderr } = await runNode(
      t,
      [bin('time-server'), '--nats', '--key', String(key), '--server', server],
      { env: NO_CONTEXT },
    );
    assert.equal(code, 3);
    assert.match(
      stderr,
      /^time-server: there is no NATS server at nats:\/\/127.* start one with: nats-server\n$/,
    );
    assert.equal(queueAt(key), undefined);
  });

  it('takes options of NATS with --nats only, and none of a queue with --nats-only', async (t) => {
    for (const [words, sentence] of [
      [['--server', 'h'], /--server is for NATS: give --nats, too/],
      [['--nats-only', '--mode', '0666'], /--mode is for a queue, and --nats-only serves none/],
      [['--nats', '--subject', '$SRV'], /'\$SRV' is not a subject/],
      [['--nats', '--context', 'missing'], /missing\.json is not there/],
      [['--nats', '--tlscert', 'c'], /--tlscert and --tlskey belong together/],
    ] as const) {
      const { code, stderr } = await runNode(t, [bin('time-server'), ...words], { env: NO_CONTEXT });
      assert.equal(code, 2, words.join(' '));
      assert.match(stderr, sentence);
    }
  });
});
