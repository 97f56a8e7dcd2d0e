import assert from 'node:assert/strict';
import test from 'node:test';
import { formatKey } from '@timeq/mq-native';
import { METRICS } from '#bridge/cli/metrics/definitions';
import { readPage } from '../docs/markdown.js';
import { until } from '../helpers/deadline.js';
import { bin, runNode, startNode } from '../helpers/node.js';
import { runningBridge, scene, skipWithoutBridge, STREAM } from './support.js';
import { slotsOf, statusOf } from './verbs.js';

const skip = skipWithoutBridge();

test('metrics are those of status, while a bridge runs and after it was killed', { skip }, async (t) => {
  const here = await scene(t);
  const name = formatKey(here.key);
  const values = async (words: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    const { code, stdout, stderr } = await runNode(t, [bin('timeq-bridge'), 'metrics', ...words]);
    assert.deepEqual([code, stderr], [0, '']);
    const labels = `{direction="out",key="${name}",stream="${STREAM}"}`;
    const samples = [...stdout.matchAll(/^timeq_bridge_(\w+)(\{.*\})? (\S+)$/gm)];
    return new Map(
      samples
        .filter(([, , of]) => of === undefined || of === labels)
        .map(([, short = '', , value]) => [short, Number(value)]),
    );
  };
  const running = await runningBridge(here, 'out');
  await here.queue.send(1, 'arrives');
  await until(async () => (await statusOf(here))[0]?.counts['moved'] === 1, 'the first to arrive');
  await here.server.freeze();
  await here.queue.send(2, 'in flight');
  await until(async () => (await slotsOf(here)).length === 1, 'a message in a slot');
  const alive = await values([]);
  assert.deepEqual(
    ['up', 'slots', 'in_flight', 'lag_messages', 'position', 'acked_total', 'looked_up_total'].map(
      (short) => [short, alive.get(short)],
    ),
    [
      ['up', 1],
      ['slots', 64],
      ['in_flight', 1],
      ['lag_messages', 0],
      ['position', 1],
      ['acked_total', 1],
      ['looked_up_total', 0],
    ],
  );
  assert.ok((alive.get('oldest_in_flight_seconds') ?? -1) >= 0);
  assert.equal(alive.get('in_doubt_total'), undefined);
  await running.end();
  here.queue.trySend(3, 'waits');
  const killed = await values([name]);
  assert.deepEqual(
    ['up', 'in_flight', 'lag_messages', 'acked_total'].map((short) => killed.get(short)),
    [0, 1, 1, 1],
  );
  // Once the bridge runs again it looks up what may have arrived.
  here.server.thaw();
  await runningBridge(here, 'out');
  await until(async () => (await values([name])).get('in_flight') === 0, 'all to arrive');
  const after = await values([name]);
  const [status] = await statusOf(here);
  assert.deepEqual(
    [after.get('acked_total'), after.get('looked_up_total'), after.get('published_again_total')],
    [status?.counts['moved'], status?.counts['found'], status?.counts['again']],
  );
  assert.equal(after.get('acked_total'), 3);
});

test('metrics of bridges are served, and the docs have each', { skip }, async (t) => {
  const rows = [
    ...readPage('docs/metrics.md').matchAll(/^\| `(timeq_bridge_\w+)` +\| (\w+) +\| (.*?) +\|$/gm),
  ];
  assert.deepEqual(
    rows.map(([, name, type, meaning]) => [name, type, meaning]),
    Object.values(METRICS).map(({ name, type, help }) => [name, type, help]),
  );
  const here = await scene(t);
  const [out, into] = [await runningBridge(here, 'out'), await runningBridge(here, 'in')];
  const server = startNode(t, [bin('timeq-bridge'), 'metrics', formatKey(here.key), '--listen', '0']);
  const [, url = ''] = await server.waitFor(
    /^timeq-bridge: metrics are at (http:\S+); stop it with Ctrl-C\n/,
  );
  await here.queue.send(1, 'one');
  await until(async () => (await statusOf(here))[0]?.held === 0, 'the message to arrive');
  const text = await (await fetch(url)).text();
  for (const { name, type } of Object.values(METRICS)) {
    if (name === METRICS.oldest.name) continue;
    assert.ok(text.includes(`# TYPE ${name} ${type}\n`), name);
    assert.match(
      text,
      new RegExp(
        `^${name}(?:\\{direction="(?:in|out)",key="${formatKey(here.key)}",stream="${STREAM}"\\})? \\d+$`,
        'm',
      ),
    );
  }
  await Promise.all([out.end(), into.end()]);
  assert.equal((await server.killed('SIGTERM')).code, 0);
});
