import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { deadline } from '../helpers/deadline.js';
import { freePort, skipWithoutNats, startNats } from '../helpers/nats.js';
import { bin, runNode, startNode } from '../helpers/node.js';
import type { Exit } from '../helpers/process.js';
import { connected, NO_CONTEXT, startTimeServer } from '../nats/support.js';

function client(t: TestContext, ...words: string[]): Promise<Exit> {
  return runNode(t, [bin('time-client'), ...words], { env: { ...NO_CONTEXT, TZ: 'UTC' } });
}

describe('time-client over NATS', { skip: skipWithoutNats() }, () => {
  it('has the verbs, formats and exit codes that it has on a queue', async (t) => {
    const nats = await startNats(t);
    const server = await startTimeServer(t, nats.url);
    const over = ['--nats', '--server', nats.url];
    assert.match((await client(t, 'now', ...over)).stdout, /^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\n$/);
    assert.match((await client(t, ...over)).stdout, /^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\n$/);
    const iso = await client(t, 'now', ...over, '--format', 'iso', '--zone', 'Asia/Tokyo');
    assert.match(iso.stdout, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}\+09:00\n$/);
    const json = JSON.parse((await client(t, 'now', '--json', ...over)).stdout) as Record<string, unknown>;
    assert.deepEqual([json['subject'], json['dialect'], json['key']], ['timeq', 'addressed', undefined]);
    const watched = await client(t, 'watch', '--count', '3', '--interval', '10ms', ...over);
    assert.equal(watched.stdout.trim().split('\n').length, 3);
    const status = await client(t, 'status', ...over);
    assert.match(
      status.stdout,
      new RegExp(`^Time server at NATS subject timeq\n  server +pid ${server.pid}, `),
    );
    const measured = await client(t, 'measure', '--count', '50', '--concurrency', '8', '--json', ...over);
    const { subject, answered, failed } = JSON.parse(measured.stdout) as Record<string, unknown>;
    assert.deepEqual([subject, answered, failed], ['timeq', 50, 0]);
    for (const { code, stderr } of [iso, watched, status, measured])
      assert.deepEqual([code, stderr], [0, '']);
  });

  it('compares the clocks of all servers, which on one machine are the same within half of the delay', async (t) => {
    const nats = await startNats(t);
    const servers = [await startTimeServer(t, nats.url), await startTimeServer(t, nats.url)];
    const { stdout, code } = await client(t, 'compare', '--json', '--server', nats.url);
    assert.equal(code, 0);
    const clocks = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { pid: number; offsetNs: number; delayNs: number });
    assert.deepEqual(new Set(clocks.map(({ pid }) => pid)), new Set(servers.map(({ pid }) => pid)));
    for (const { offsetNs, delayNs } of clocks) assert.ok(2 * Math.abs(offsetNs) <= delayNs, stdout);
    const text = await client(t, 'compare', '--server', nats.url);
    assert.match(
      text.stdout,
      /^(?:[0-9A-F]{22} {2}\S+, pid \d+ +[+-][\d.]+ \S+ (?:±|\+\/-) [\d.]+ \S+\n){2}$/,
    );
  });

  it('finds out a clock with an offset to within half of the delay', async (t) => {
    const nats = await startNats(t);
    await startTimeServer(t, nats.url, '--nats-only', '--clock', 'offset:+1h');
    const { stdout } = await client(t, 'compare', '--json', '--server', nats.url);
    const { offsetNs, delayNs } = JSON.parse(stdout) as { offsetNs: number; delayNs: number };
    assert.ok(2 * Math.abs(offsetNs - 3600e9) <= delayNs, stdout);
  });

  it('refuses to stop one of many', async (t) => {
    const { code, stderr } = await client(t, 'stop', '--nats');
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^time-client: over NATS there may be many servers.*`time-client compare` lists them\n$/,
    );
  });

  it('says in one sentence that there is no server, or no NATS: exit code 3', async (t) => {
    const nats = await startNats(t);
    const none = await client(t, 'now', '--nats', '--server', nats.url);
    assert.equal(none.code, 3);
    assert.match(none.stderr, /^time-client: no time server listens at timeq\.now .*: time-server --nats\n$/);
    const compared = await client(t, 'compare', '--server', nats.url);
    assert.equal(compared.code, 3);
    assert.match(compared.stderr, /^time-client: no time server listens/);
    const absent = await client(t, 'now', '--nats', '--server', `127.0.0.1:${await freePort()}`);
    assert.equal(absent.code, 3);
    assert.match(absent.stderr, /^time-client: there is no NATS server at .*: nats-server\n$/);
  });

  it('times out where something listens that does not answer: exit code 4', async (t) => {
    const nats = await startNats(t);
    const silent = await connected(t, nats.url);
    silent.subscribe('timeq.now', { callback: () => undefined });
    await silent.flush();
    const { code, stderr } = await client(t, 'now', '--nats', '--server', nats.url, '--timeout', '3s');
    assert.equal(code, 4);
    assert.match(stderr, /^time-client: no answer at timeq\.now within 3s/);
  });

  it('does not believe what is no time server: exit code 1', async (t) => {
    const nats = await startNats(t);
    const stranger = await connected(t, nats.url);
    stranger.subscribe('timeq.now', {
      callback: (_, { reply = '' }) => stranger.publish(reply, '\u001b[31mno'),
    });
    await stranger.flush();
    const { code, stderr } = await client(t, 'now', '--nats', '--server', nats.url);
    assert.deepEqual([code, stderr], [1, 'time-client: what listens at timeq.now is not a time server\n']);
  });

  it('goes on watching when all servers are gone, and when NATS is, until they are back', async (t) => {
    const nats = await startNats(t);
    const first = await startTimeServer(t, nats.url);
    const watch = startNode(
      t,
      [
        bin('time-client'),
        'watch',
        '--nats',
        '--server',
        nats.url,
        '--interval',
        '20ms',
        '--timeout',
        '200ms',
      ],
      { env: NO_CONTEXT },
    );
    await watch.nextLine();
    await first.end();
    await watch.waitFor('no time server listens', 'stderr');
    await startTimeServer(t, nats.url);
    await watch.waitFor('is back', 'stderr');
    await nats.end();
    await watch.waitFor('NATS was gone', 'stderr');
    await nats.start();
    await watch.waitFor('is back', 'stderr');
    await watch.nextLine();
    watch.kill('SIGINT');
    assert.equal((await deadline(watch.exit(), 'the end of the watch')).code, 0);
  });

  it('takes options of NATS with --nats only, and none of a queue with it', async (t) => {
    for (const [words, sentence] of [
      [['now', '--server', 'h'], /--server is for NATS: give --nats, too/],
      [['now', '--subject', 'x'], /--subject is for NATS: give --nats, too/],
      [['now', '--nats', '--key', '5'], /--key is for a queue: give it or --nats, not both/],
      [['now', '--nats', '--subject', 'a b'], /'a b' is not a subject/],
      [['now', '--nats', '--subject', '>'], /'>' is not a subject/],
      [['now', '--nats', '--context', 'missing'], /missing\.json is not there/],
    ] as const) {
      const { code, stderr } = await client(t, ...words);
      assert.equal(code, 2, words.join(' '));
      assert.match(stderr, sentence);
    }
  });
});
