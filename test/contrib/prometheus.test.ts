import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { METRICS as BRIDGE_METRICS } from '#bridge/cli/metrics/definitions';
import { METRICS } from '#ipctools/cli/metrics/definitions';
import { startScene, skipWithoutWorlds } from '../ipctools/support.js';
import { skipWithoutCommands } from '../helpers/commands.js';
import { until } from '../helpers/deadline.js';
import { temporaryFolder } from '../helpers/folder.js';
import { freePort } from '../helpers/nats.js';
import { bin, root, runNode } from '../helpers/node.js';
import { run, start } from '../helpers/process.js';
import { quoted } from '../helpers/shell.js';

const rules = join(root, 'contrib', 'prometheus', 'timeq.rules.yml');
const tests = join(root, 'contrib', 'prometheus', 'timeq.tests.yml');
const dashboard = join(root, 'contrib', 'grafana', 'timeq-queues.json');
const skip = skipWithoutCommands('promtool');

/** The expressions of the dashboard, with what Grafana fills in. */
function dashboardExpressions(): string[] {
  const { panels } = JSON.parse(readFileSync(dashboard, 'utf8')) as {
    panels: { targets?: { expr: string }[] }[];
  };
  return panels.flatMap(({ targets = [] }) =>
    targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*')),
  );
}

test('promtool accepts the alert rules, and their tests pass', { skip }, async (t) => {
  for (const words of [
    ['check', 'rules', rules],
    ['test', 'rules', tests],
  ]) {
    const { code, stdout, stderr } = await run(t, 'promtool', words);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /SUCCESS/);
  }
});

test('each alert has a test in which it fires', () => {
  const named = [...readFileSync(rules, 'utf8').matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
  assert.equal(named.length, 13);
  const fired = readFileSync(tests, 'utf8').matchAll(/alertname: (\w+)\n +exp_alerts:\n/g);
  assert.deepEqual(new Set(named), new Set([...fired].map(([, name]) => name)));
});

test('rules and dashboard name metrics that exist, and the docs name each alert', () => {
  const known = new Set<string>(
    [METRICS, BRIDGE_METRICS].flatMap((metrics) => Object.values(metrics).map(({ name }) => name)),
  );
  const texts = [readFileSync(rules, 'utf8').replace(/^#.*$/gm, ''), ...dashboardExpressions()];
  const used = texts.flatMap((text) => text.match(/\b(?:ipc|time_server|timeq_bridge)_\w+/g) ?? []);
  assert.ok(used.length > 40);
  assert.deepEqual(
    used.filter((name) => !known.has(name)),
    [],
  );
  const page = readFileSync(join(root, 'docs', 'metrics.md'), 'utf8');
  for (const [, alert] of readFileSync(rules, 'utf8').matchAll(/- alert: (\w+)/g)) {
    assert.ok(page.includes(`| \`${alert}\``), alert);
  }
});

test('every expression of the dashboard parses', { skip }, async (t) => {
  const file = join(temporaryFolder(t), 'dashboard.yml');
  const recorded = dashboardExpressions().map((expr, index) => ({ record: `panel:${index}`, expr }));
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: recorded }] }));
  const { code, stdout, stderr } = await run(t, 'promtool', ['check', 'rules', file]);
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, new RegExp(`SUCCESS: ${recorded.length} rules found`));
});

test('promtool has no complaint about the text format', { skip: skip || skipWithoutWorlds() }, async (t) => {
  const file = join(temporaryFolder(t), 'ipc.prom');
  await runNode(t, [bin('ipctools'), 'metrics', '--textfile', file]);
  const { code, stdout, stderr } = await run(t, 'promtool', ['check', 'metrics'], {
    input: readFileSync(file),
  });
  assert.deepEqual([code, stdout, stderr], [0, '', '']);
});

interface Answer {
  readonly status: string;
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
    readonly alerts: readonly { readonly labels: Record<string, string>; readonly state: string }[];
  };
}

test(
  'Prometheus scrapes a queue, answers what it holds, and fires the alerts when it is full',
  { skip: skip || skipWithoutCommands('prometheus') || skipWithoutWorlds() },
  async (t) => {
    const folder = temporaryFolder(t);
    const fill = join(folder, 'fill');
    const scene = startScene(
      t,
      `ipctools create --key 0x80 --max-bytes 100 >/dev/null
head -c 42 /dev/zero | ipctools send 0x80 --file -
ipctools metrics --listen 0 &
until [ -e ${quoted(fill)} ]; do sleep 0.1; done
head -c 58 /dev/zero | ipctools send 0x80 --file -
wait`,
    );
    const [, target = ''] = await scene.waitFor(/metrics are at http:\/\/(\S+)\/metrics/);
    // Only the time until an alert fires differs from the rules as they are shipped.
    writeFileSync(
      join(folder, 'rules.yml'),
      readFileSync(rules, 'utf8').replace(/^( +for): .*$/gm, '$1: 0s'),
    );
    writeFileSync(
      join(folder, 'prometheus.yml'),
      JSON.stringify({
        global: { scrape_interval: '1s', evaluation_interval: '1s' },
        rule_files: ['rules.yml'],
        scrape_configs: [{ job_name: 'ipc', static_configs: [{ targets: [target] }] }],
      }),
    );
    mkdirSync(join(folder, 'data'));
    const address = `127.0.0.1:${await freePort()}`;
    const prometheus = start(t, 'prometheus', [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
    ]);
    await prometheus.waitFor('Server is ready to receive web requests', 'stderr');
    const ask = async (path: string): Promise<Answer> =>
      (await (await fetch(`http://${address}/api/v1/${path}`)).json()) as Answer;
    const query = async (expression: string): Promise<Answer> =>
      await ask(`query?query=${encodeURIComponent(expression)}`);

    const bytes = 'ipc_queue_bytes{key="0x00000080"}';
    await until(async () => (await query(bytes)).data.result.length > 0, 'a scrape');
    const { data } = await query(bytes);
    assert.deepEqual(
      data.result.map(({ value, metric }) => [value[1], metric['id'], metric['owner'], metric['job']]),
      [['42', '0', 'root', 'ipc']],
    );
    const visible = (await query('min(ipc_posix_visible)')).data.result[0]?.value[1] === '1';
    for (const expression of dashboardExpressions()) {
      const { status, data: found } = await query(expression);
      assert.equal(status, 'success', expression);
      // Where POSIX objects can be listed, that there are none is a figure, too.
      if (visible && /posix|shm/.test(expression) && !expression.startsWith('topk'))
        assert.equal(found.result.length, 1, expression);
    }
    assert.deepEqual((await ask('alerts')).data.alerts, []);

    writeFileSync(fill, '');
    const firing = async (): Promise<string[]> =>
      (await ask('alerts')).data.alerts
        .filter(({ state }) => state === 'firing')
        .map(({ labels }) => `${labels['alertname']} ${labels['key']}`);
    await until(async () => (await firing()).length > 0, 'an alert');
    assert.deepEqual(await firing(), ['QueueNearlyFull 0x00000080']);
    assert.equal((await prometheus.killed('SIGTERM')).code, 0);
  },
);

test(
  'node_exporter reads the file that was written for it',
  { skip: skipWithoutCommands('prometheus-node-exporter') || skipWithoutWorlds() },
  async (t) => {
    const folder = temporaryFolder(t);
    const { code } = await runNode(t, [bin('ipctools'), 'metrics', '--textfile', join(folder, 'ipc.prom')]);
    assert.equal(code, 0);
    const address = `127.0.0.1:${await freePort()}`;
    const exporter = start(t, 'prometheus-node-exporter', [
      '--collector.disable-defaults',
      '--collector.textfile',
      `--collector.textfile.directory=${folder}`,
      `--web.listen-address=${address}`,
    ]);
    await exporter.waitFor(/Listening on|TLS is disabled/, 'stderr');
    const text = await (await fetch(`http://${address}/metrics`)).text();
    assert.match(text, /^node_textfile_scrape_error 0$/m);
    assert.match(text, /^ipc_limit_max\{kind="queues",limit="msgmni"\} \S+$/m);
    assert.match(text, /^# HELP ipc_messages Messages in all queues\.$/m);
  },
);
