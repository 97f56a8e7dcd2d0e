import assert from 'node:assert/strict';
import test from 'node:test';
import { freshKey } from '../helpers/keys.js';
import { histogram, percentile } from '@timeq/time-client';
import { freeze, startServer, startTimeClient, timeClient } from './support.js';

interface Report {
  requests: number;
  answered: number;
  failed: number;
  concurrency: number;
  requestsPerSecond: number;
  roundTripNs: Record<'min' | 'p50' | 'p90' | 'p99' | 'max', number>;
  histogram: { fromNs: number; toNs: number | null; count: number }[];
}

for (const concurrency of [1, 8]) {
  test(`measure --json reports ${concurrency} at a time for scripts`, async (t) => {
    const key = freshKey(t);
    await startServer(t, key);
    const commandLine = ['measure', '--count', '500', '--concurrency', String(concurrency), '--json'];
    const { code, stdout } = await timeClient(t, key, commandLine);
    assert.equal(code, 0);
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
  const key = freshKey(t);
  await startServer(t, key);
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
  const key = freshKey(t);
  await startServer(t, key);
  const { stdout } = await timeClient(t, key, ['measure', '--count', '300'], { LC_ALL: 'C' });
  assert.match(stdout, /^[\n -~]+$/);
  assert.match(stdout, /#/);
});

test('Ctrl-C ends measure early, with what was measured until then', async (t) => {
  const key = freshKey(t);
  const server = await startServer(t, key);
  const measure = startTimeClient(t, key, ['measure', '--count', '10000000', '--concurrency', '2']);
  // More than the warm-up: the status tells when the counted requests have begun.
  for (let served = 0; served < 2000;) {
    const { stdout } = await timeClient(t, key, ['status', '--json']);
    served = (JSON.parse(stdout) as { served: { addressed: number } }).served.addressed;
  }
  await freeze(server);
  measure.kill('SIGINT');
  const { code, stdout } = await measure.exit();
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
