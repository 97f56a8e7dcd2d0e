import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connectionSettings } from '@timeq/nats';
import { ClientError, waitOverNats } from '@timeq/time-client';
import { untilAnswered } from '#time-client/client/until-answered';
import { deadline } from '../helpers/deadline.js';
import { freePort, skipWithoutNats, startNats } from '../helpers/nats.js';
import { bin, runNode, startNode } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';
import { connected, NO_CONTEXT, startTimeServer } from '../nats/support.js';

const env = { env: NO_CONTEXT };

function wait(url: string, ...words: string[]): string[] {
  return [bin('time-client'), 'wait', '--nats', '--server', url, ...words];
}

/** A time client that waits, and has asked at least once. */
async function startWait(t: TestContext, url: string, ...words: string[]): Promise<RunningProcess> {
  const nats = await connected(t, url);
  const asked = new Promise<void>((resolve) => {
    const silent = nats.subscribe('timeq.now', {
      callback: () => {
        silent.unsubscribe();
        resolve();
      },
    });
  });
  await nats.flush();
  const waiting = startNode(t, wait(url, ...words), env);
  await deadline(asked, 'the first request');
  return waiting;
}

describe('time-client wait over NATS', { skip: skipWithoutNats() }, () => {
  it('returns at once where a server answers', async (t) => {
    const nats = await startNats(t);
    await startTimeServer(t, nats.url, '--subject', 'clock');
    const { code, stdout, stderr } = await runNode(t, wait(nats.url, '--subject', 'clock'), env);
    assert.deepEqual([code, stdout, stderr], [0, 'the time server at NATS subject clock answers\n', '']);
    const json = await runNode(t, wait(nats.url, '--subject', 'clock', '--json'), env);
    const { subject, dialect, waitedMilliseconds } = JSON.parse(json.stdout) as Record<string, unknown>;
    assert.deepEqual(
      [subject, dialect, typeof waitedMilliseconds, json.code],
      ['clock', 'addressed', 'number', 0],
    );
  });

  it('sees a server that starts later', async (t) => {
    const nats = await startNats(t);
    const waiting = await startWait(t, nats.url);
    await startTimeServer(t, nats.url);
    assert.equal((await deadline(waiting.exit(), 'the end of the wait')).code, 0);
  });

  it('sees a NATS server that starts later, and then a time server', async (t) => {
    const nats = await startNats(t);
    await nats.end();
    const waiting = waitOverNats(connectionSettings({ server: nats.url }, NO_CONTEXT), { timeout: Infinity });
    await nats.start();
    await startTimeServer(t, nats.url);
    assert.equal((await deadline(waiting, 'the answer')).dialect, 'addressed');
  });

  it('goes on when NATS is killed meanwhile', async (t) => {
    const nats = await startNats(t);
    const waiting = await startWait(t, nats.url);
    await nats.end();
    await nats.start();
    await startTimeServer(t, nats.url);
    assert.equal((await deadline(waiting.exit(), 'the end of the wait')).code, 0);
  });

  it('says what was missing when it times out: exit code 4', async (t) => {
    const nats = await startNats(t);
    const none = await runNode(t, wait(nats.url, '--timeout', '2s'), env);
    assert.deepEqual([none.code, none.stdout], [4, '']);
    assert.match(
      none.stderr,
      /^time-client: no time server answered in time: no time server listens at timeq\.now .*: time-server --nats\n$/,
    );
    const absent = await runNode(t, wait(`127.0.0.1:${await freePort()}`, '--timeout', '2s'), env);
    assert.deepEqual([absent.code, absent.stdout], [4, '']);
    assert.match(
      absent.stderr,
      /^time-client: no time server answered in time: there is no NATS server at nats:.*: nats-server\n$/,
    );
    await nats.freeze();
    const frozen = await runNode(t, wait(nats.url, '--timeout', '300ms'), env);
    nats.thaw();
    assert.deepEqual([frozen.code, frozen.stdout], [4, '']);
    assert.match(
      frozen.stderr,
      /^time-client: no time server answered in time: .* did not answer in time\n$/,
    );
  });

  it('says what was missing, not that the last attempt had too little time', async () => {
    let attempts = 0;
    const ask = async (left: number): Promise<never> => {
      attempts += 1;
      if (attempts === 1) throw new ClientError('NO_RESPONDERS', 'there is no server');
      await delay(left);
      throw new ClientError('TIMED_OUT', 'something listens there');
    };
    const isAbsent = (error: unknown): error is Error => error instanceof ClientError && error.noServer;
    await assert.rejects(untilAnswered(ask, isAbsent, 1, { timeout: 200 }), {
      code: 'TIMED_OUT',
      message: 'no time server answered in time: there is no server',
    });
  });

  it('ends at once where waiting does not help: wrong credentials, permissions, a server that refuses', async (t) => {
    const nats = await startNats(t, {
      configuration: `authorization { users = [
        { user: stranger, password: pw, permissions: { publish: "other", subscribe: "_INBOX.>" } }
        { user: liar, password: pw } ] }`,
    });
    const nameless = await runNode(t, wait(nats.url), env);
    assert.equal(nameless.code, 5);
    assert.match(nameless.stderr, /^time-client: the NATS server at .* refuses you .*\n$/);
    const stranger = await runNode(t, wait(nats.url, '--user', 'stranger', '--password', 'pw'), env);
    assert.equal(stranger.code, 5);
    assert.match(stranger.stderr, /^time-client: .* does not permit you to publish to timeq\.now; .*\n$/);
    const liar = await connected(t, `nats://liar:pw@127.0.0.1:${nats.port}`);
    liar.subscribe('timeq.now', { callback: (_, { reply = '' }) => liar.publish(reply, 'no') });
    await liar.flush();
    const lied = await runNode(t, wait(nats.url, '--user', 'liar', '--password', 'pw'), env);
    assert.deepEqual(
      [lied.code, lied.stderr],
      [1, 'time-client: what listens at timeq.now is not a time server\n'],
    );
  });

  it('ends by a signal', async (t) => {
    const nats = await startNats(t);
    const waiting = await startWait(t, nats.url);
    waiting.kill('SIGTERM');
    assert.equal((await deadline(waiting.exit(), 'the end of the wait')).signal, 'SIGTERM');
  });
});
