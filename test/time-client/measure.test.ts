import assert from 'node:assert/strict';
import test from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { histogram, percentile } from '#time-client/cli/render/histogram';
import { buildReply } from '@timeq/time-protocol';
import { freshKey } from '../helpers/keys.js';
import { trackQueue } from '../helpers/tracking.js';
import { commandOf, freeze, nextRequest, ownServer, startTimeClient, timeClient } from './support.js';
import { onTerminal, skipWithoutTerminal } from './terminal.js';

interface Report {
  requests: number;
  answered: number;
  failed: number;
  concurrency: number;
  requestsPerSecond: number;
  roundTripNs: Record<'min' | 'p50' | 'p90' | 'p99' | 'max', number>;
  histogram: { fromNs: number; toNs: number | null; count: number }[];
}

for (const concurrency of [1, 64]) {
  test(`measure --json reports ${concurrency} at a time for scripts`, async (t) => {
    const { key } = await ownServer(t);
    const commandLine = ['measure', '--count', '500', '--concurrency', String(concurrency), '--json'];
    const { code, stdout, stderr } = await timeClient(t, key, commandLine);
    assert.deepEqual([stderr, code], ['', 0]);
    const report = JSON.parse(stdout) as Report;
    assert.equal(report.requests, 500);
    assert.equal(report.answered, 500);
    assert.equal(report.failed, 0);
    assert.equal(report.concurrency, concurrency);
    assert.ok(report.requestsPerSecond > 0);
    const { min, p50, p90, p99, max } = report.roundTripNs;
    assert.deepEqual(
      [min, p50, p90, p99, max],
      [min, p50, p90, p99, max].toSorted((a, b) => a - b),
    );
    assert.equal(
      report.histogram.reduce((sum, { count }) => sum + count, 0),
      500,
    );
  });
}

test('measure draws within 80 columns, or fewer', async (t) => {
  const { key } = await ownServer(t);
  for (const columns of [40, 80]) {
    const { code, stdout } = await timeClient(t, key, ['measure', '--count', '300'], {
      COLUMNS: String(columns),
    });
    assert.equal(code, 0);
    assert.match(stdout, /^300 requests answered, 0 failed, in /);
    for (const name of ['p50', 'p90', 'p99', 'max'])
      assert.match(stdout, new RegExp(`^  ${name} +[\\d.]+ (ns|µs|ms|s)$`, 'm'));
    assert.match(stdout, /█/);
    const chart = stdout.slice(stdout.indexOf('max')).split('\n').slice(1);
    for (const line of chart) assert.ok(line.length <= columns, `wider than ${columns} columns: ${line}`);
  }
});

test('measure draws in plain ASCII where the locale is not UTF-8', async (t) => {
  const { key } = await ownServer(t);
  const { stdout } = await timeClient(t, key, ['measure', '--count', '300'], { LC_ALL: 'C' });
  assert.match(stdout, /^[\n -~]+$/);
  assert.match(stdout, /#/);
});

/** What else decides about colour: Node takes it that the log of a CI has none. */
const colourful = { CI: undefined, TERM: 'xterm-256color', FORCE_COLOR: undefined };

for (const [what, env, coloured] of [
  ['in colour', { ...colourful, NO_COLOR: undefined }, true],
  ['without colour where NO_COLOR is set', { ...colourful, NO_COLOR: '1' }, false],
] as const) {
  test(`measure fits a narrow terminal, ${what}`, { skip: skipWithoutTerminal }, async (t) => {
    const { key } = await ownServer(t);
    const terminal = onTerminal(t, commandOf(key, ['measure', '--count', '300']), { columns: 36, env });
    const { code, stdout } = await terminal.exit();
    assert.equal(code, 0);
    assert.match(stdout, /█/);
    // eslint-disable-next-line no-control-regex
    const escapes = /\u001b\[\d*m/g;
    assert.equal(escapes.test(stdout), coloured);
    const chart = stdout.slice(stdout.indexOf('max')).replace(escapes, '').split('\r\n').slice(1);
    for (const line of chart) assert.ok(line.length <= 36, `wider than 36 columns: ${line}`);
  });
}

test('a request that fails is counted, and makes the exit code 1', async (t) => {
  const key = freshKey(t);
  const queue = trackQueue(t, MessageQueue.create(key));
  const measure = startTimeClient(t, key, ['measure', '--ask', 'addressed', '--count', '4', '--json']);
  // The first four are the warm-up.
  for (let turn = 1; turn <= 8; turn++) {
    const { id, replyTo } = await nextRequest(queue);
    const time = { kind: 'time', id, time: 5n, received: 3n, sent: 4n, asctime: 'whenever' } as const;
    const error = { kind: 'error', id, error: { code: 'BUSY', message: 'Not now' } } as const;
    await queue.send(replyTo, buildReply(turn === 6 ? error : time));
  }
  const { code, stdout } = await measure.exit();
  assert.equal(code, 1);
  const report = JSON.parse(stdout) as Report & { failures: Record<string, number> };
  assert.deepEqual([report.requests, report.answered, report.failed], [4, 3, 1]);
  assert.deepEqual(report.failures, { REFUSED: 1 });
});

test('Ctrl-C ends measure early, with what was measured until then', async (t) => {
  const { key, server } = await ownServer(t);
  const measure = startTimeClient(t, key, ['measure', '--count', '10000000', '--concurrency', '2']);
  // More than the warm-up: the status tells when the counted requests have begun.
  for (let served = 0; served < 2000;) {
    const { stdout } = await timeClient(t, key, ['status', '--json']);
    served = (JSON.parse(stdout) as { served: { addressed: number } }).served.addressed;
  }
  await freeze(server);
  const { code, stdout } = await measure.killed('SIGINT');
  assert.equal(code, 0);
  assert.match(stdout, /^\d+ requests answered, 0 failed/);
});

test('a percentile is the value that so many per cent do not exceed', () => {
  const values = Float64Array.from({ length: 200 }, (_, index) => index + 1);
  assert.equal(percentile(values, 50), 100);
  assert.equal(percentile(values, 99), 198);
  assert.equal(percentile(values, 100), 200);
  assert.equal(percentile(Float64Array.of(7), 1), 7);
  assert.ok(Number.isNaN(percentile(new Float64Array(), 50)));
});

test('a histogram has every value once, in few buckets that join', () => {
  for (const spread of [1.01, 2, 30, 5000, 1e6]) {
    const values = Float64Array.from({ length: 1000 }, (_, index) => 17_000 * spread ** (index / 1000));
    const buckets = histogram(values, percentile(values, 99));
    assert.ok(buckets.length <= 25, `${buckets.length} buckets`);
    assert.equal(
      buckets.reduce((sum, { count }) => sum + count, 0),
      1000,
    );
    for (const [index, bucket] of buckets.entries()) {
      const inside = values.filter((value) => value >= bucket.from && value < bucket.to).length;
      assert.equal(bucket.count, inside);
      if (index > 0) assert.equal(bucket.from, buckets[index - 1]?.to);
    }
  }
  assert.deepEqual(histogram(new Float64Array(), NaN), []);
});
