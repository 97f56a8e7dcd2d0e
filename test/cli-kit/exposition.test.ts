import assert from 'node:assert/strict';
import test from 'node:test';
import { expose, type MetricFamily } from '@timeq/cli-kit/metrics/exposition';
import { skipWithoutCommands } from '../helpers/commands.js';
import { run } from '../helpers/process.js';

const hostile = 'a"} 7\nforged_metric{x="\\';

const families: readonly MetricFamily[] = [
  {
    definition: { name: 'held_messages', type: 'gauge', help: 'Messages.', labels: ['owner'] },
    samples: [{ sharedLabels: { owner: hostile }, value: 1 }],
  },
  {
    definition: { name: 'sent_total', type: 'counter', help: 'Sends.', labels: ['kind'] },
    samples: [{ labels: { kind: 'x' }, value: 2 }],
  },
  { definition: { name: 'unknown_value', type: 'gauge', help: 'Nothing.', labels: [] }, samples: [] },
];

const escaped = String.raw`held_messages{owner="a\"} 7\nforged_metric{x=\"\\"} 1`;

test('a hostile label stays one label, in both formats', async () => {
  assert.equal(
    await expose(families, 'openmetrics'),
    `# HELP held_messages Messages.\n# TYPE held_messages gauge\n${escaped}\n` +
      '# HELP sent Sends.\n# TYPE sent counter\nsent_total{kind="x"} 2\n# EOF\n',
  );
  assert.equal(
    await expose(families, 'text'),
    `# HELP held_messages Messages.\n# TYPE held_messages gauge\n${escaped}\n\n` +
      '# HELP sent_total Sends.\n# TYPE sent_total counter\nsent_total{kind="x"} 2\n',
  );
});

test('promtool reads such a label', { skip: skipWithoutCommands('promtool') }, async (t) => {
  const input = await expose(families, 'text');
  const { code, stdout, stderr } = await run(t, 'promtool', ['check', 'metrics'], { input });
  assert.deepEqual([code, stdout, stderr], [0, '', '']);
});
