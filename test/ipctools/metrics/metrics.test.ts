import assert from 'node:assert/strict';
import test from 'node:test';
import { METRICS } from '#ipctools/cli/metrics/definitions';
import { readPage } from '../../docs/markdown.js';
import { bin } from '../../helpers/node.js';
import { quoted } from '../../helpers/shell.js';
import { asStranger, playScene, skipWithoutStranger, skipWithoutWorlds } from '../support.js';
import { playPosix, skipWithoutPosixWorlds } from '../posix/scene.js';
import { tools as otherTools } from '../world.js';

const timeClient = `${quoted(process.execPath)} ${quoted(bin('time-client'))}`;
const tools = `${otherTools}
time-client() { ${timeClient} "$@"; }
`;

const skip = skipWithoutWorlds();

/** The values of an exposition, by name and labels as they are written. */
function valuesIn(text: string): Map<string, number> {
  return new Map(
    [...text.matchAll(/^([a-z_]+(?:\{.*\})?) (\S+)$/gm)].map(([, name = '', value]) => [name, Number(value)]),
  );
}

test('each queue, all objects and the limits are as the kernel has them', { skip }, async (t) => {
  const { stdout, stderr } = await playScene(
    t,
    `${tools}
ipctools create --key 0x80 --max-bytes 100 >/dev/null
head -c 50 /dev/zero | ipctools send 0x80 --file -
ipctools create --key 0x81 --max-bytes 8 >/dev/null
ipctools send 0x81 '8 bytes.'
ipctools send 0x81 blocked & sender=$!
ipctools create --key 0x82 >/dev/null
ipctools receive 0x82 & receiver=$!
blocked 1 1; blocked 2 1
ipctools metrics
kill $sender $receiver`,
  );
  assert.equal(stderr, '');
  const values = valuesIn(stdout);
  const of = (name: string, id: number): number | undefined =>
    values.get(`ipc_queue_${name}{key="0x0000008${id}",id="${id}",owner="root"}`);
  assert.deepEqual(
    ['messages', 'bytes', 'limit_bytes', 'fullness_ratio', 'blocked_senders', 'blocked_receivers'].map(
      (name) => [name, of(name, 0), of(name, 1), of(name, 2)],
    ),
    [
      ['messages', 1, 1, 0],
      ['bytes', 50, 8, 0],
      ['limit_bytes', 100, 8, 16_384],
      ['fullness_ratio', 0.5, 1, 0],
      ['blocked_senders', 0, 1, 0],
      ['blocked_receivers', 0, 0, 1],
    ],
  );
  assert.ok((of('last_send_age_seconds', 0) ?? -1) >= 0);
  // What never happened has no time.
  assert.equal(of('last_send_age_seconds', 2), undefined);
  assert.equal(of('last_receive_age_seconds', 0), undefined);
  assert.equal(values.get('ipc_queue_verdict{verdict="live",key="0x00000081",id="1",owner="root"}'), 1);
  assert.equal(values.get('ipc_objects{kind="queues",verdict="live"}'), 2);
  assert.equal(values.get('ipc_limit_in_use{kind="queues",limit="msgmni"}'), 3);
  assert.equal(values.get('ipc_messages'), 2);
  assert.equal(values.get('ipc_blocked_known'), 1);
  assert.ok(stdout.endsWith('\n# EOF\n'));
});

test('the verdicts are counted as stale judges them', { skip }, async (t) => {
  const { stdout } = await playScene(
    t,
    `${tools}
serve; ipctools create --key 0x81 >/dev/null; ipctools send 0x81 hello
ipctools metrics --older-than 0 --assume-unseen-idle
ipctools stale --older-than 0 --json`,
  );
  const [metrics = '', json = ''] = stdout.split('# EOF\n');
  const { objects } = JSON.parse(json) as { objects: { kind: string; verdict: string }[] };
  const counted = [...valuesIn(metrics)].filter(([name]) => /^ipc_objects\{(?!kind="posix)/.test(name));
  assert.equal(counted.length, 12);
  const kinds: Readonly<Record<string, string>> = {
    queue: 'queues',
    segment: 'segments',
    'semaphore set': 'semaphores',
  };
  for (const [name, count] of counted) {
    const same = objects.filter(
      ({ kind, verdict }) => name === `ipc_objects{kind="${kinds[kind] ?? kind}",verdict="${verdict}"}`,
    );
    assert.equal(count, same.length, name);
  }
  assert.equal(objects.length, 3);
});

test('a time server is asked for what it counts, and one that was killed is down', { skip }, async (t) => {
  const { stdout } = await playScene(
    t,
    `${tools}
serve
time-client now >/dev/null; time-client now >/dev/null
time-client in 1ms >/dev/null
ipctools metrics
killed $server
ipctools metrics`,
  );
  const [alive = '', dead = ''] = stdout.split('# EOF\n');
  const of = (text: string, name: string, labels = ''): number | undefined =>
    valuesIn(text).get(`time_server_${name}{${labels}key="0x00000080",id="0"}`);
  assert.equal(of(alive, 'up'), 1);
  assert.equal(of(alive, 'requests_total', 'kind="addressed",'), 3);
  assert.equal(of(alive, 'requests_total', 'kind="status",'), 1);
  assert.equal(of(alive, 'replies_lost_total', 'reason="unread",'), 0);
  assert.equal(of(alive, 'replies_waiting'), 0);
  assert.equal(of(alive, 'alarms_pending'), 0);
  assert.equal(of(alive, 'alarms_total', 'outcome="rung",'), 1);
  assert.equal(of(alive, 'alarms_total', 'outcome="dropped",'), 0);
  assert.ok((of(alive, 'probe_seconds') ?? 0) > 0);
  assert.equal(of(dead, 'up'), 0);
  assert.equal(of(dead, 'probe_seconds'), undefined);
});

test(
  'a server that does not answer is down, and its queue does not fill with requests',
  { skip },
  async (t) => {
    const { stdout } = await playScene(
      t,
      `${tools}
serve; kill -STOP $server
for scrape in 1 2 3 4 5 6 7 8 9 10; do ipctools metrics --timeout 50ms | grep '^time_server_up'; done
ipctools list --raw --no-header --columns messages
kill -CONT $server; until ipctools metrics | grep '^time_server_up.* 1$'; do :; done`,
    );
    const up = 'time_server_up{key="0x00000080",id="0"}';
    const lines = stdout.split('\n');
    assert.deepEqual(
      lines.slice(0, 10),
      Array.from({ length: 10 }, () => `${up} 0`),
    );
    assert.equal(lines[10], '8');
    assert.deepEqual(lines.slice(11), [`${up} 1`, '']);
  },
);

test('--max-series keeps the fullest queues, and counts the others', { skip }, async (t) => {
  const { stdout } = await playScene(
    t,
    `${tools}
for key in 1 2 3 4; do ipctools create --key 0x$key --max-bytes 100 >/dev/null; ipctools send 0x$key --lines < <(seq $key); done
ipctools metrics --max-series 2`,
  );
  const values = valuesIn(stdout);
  assert.deepEqual(
    [...values].filter(([name]) => name.startsWith('ipc_queue_messages')),
    [
      ['ipc_queue_messages{key="0x00000004",id="3",owner="root"}', 4],
      ['ipc_queue_messages{key="0x00000003",id="2",owner="root"}', 3],
    ],
  );
  assert.deepEqual(
    ['queues', 'messages', 'bytes'].map((name) => values.get(`ipc_left_out_${name}`)),
    [2, 3, 3],
  );
  assert.equal(values.get('ipc_messages'), 10);
});

test('what a stranger may not see is left out, and not 0', { skip: skipWithoutStranger() }, async (t) => {
  const { stdout, code } = await playScene(
    t,
    `${tools}
serve
${asStranger} ${quoted(process.execPath)} ${quoted(bin('ipctools'))} metrics`,
  );
  assert.equal(code, 0);
  const values = valuesIn(stdout);
  assert.equal(values.get('ipc_blocked_known'), 0);
  assert.equal(values.get('ipc_queue_messages{key="0x00000080",id="0",owner="root"}'), 0);
  assert.equal(values.get('ipc_queue_blocked_senders{key="0x00000080",id="0",owner="root"}'), undefined);
});

test(
  'the table in the docs has every metric of the output, with its type, labels and meaning',
  { skip: skipWithoutPosixWorlds() },
  async (t) => {
    const rows = [
      ...readPage('docs/metrics.md').matchAll(
        /^\| `((?:ipc|time_server)_\w+)` +\| (\w+) +\| ([^|]*?) +\| (.*?) +\|$/gm,
      ),
    ].map(([, name = '', type = '', labels = '', meaning = '']) => ({
      name,
      type,
      labels: [...labels.matchAll(/\w+/g)].map(([label]) => label),
      help: `${meaning}.`,
    }));
    assert.deepEqual(rows, Object.values(METRICS));

    const { stdout } = await playPosix(
      t,
      `${tools}
peer queue create /jobs 8 64
serve; time-client now >/dev/null
ipctools create --key 0x81 >/dev/null; ipctools send 0x81 hello; ipctools receive 0x81 >/dev/null
ipctools metrics`,
    );
    for (const { name, type, labels, help } of rows) {
      const family = name.replace(/_total$/, '');
      assert.ok(
        stdout.includes(`\n# TYPE ${family} ${type}\n`) || stdout.startsWith(`# HELP ${family} `),
        name,
      );
      assert.ok(stdout.includes(`# HELP ${family} ${help}\n`), name);
      const sample = new RegExp(String.raw`^${name}(?:\{(.*?)\})? \S+$`, 'm').exec(stdout);
      assert.ok(sample, `${name} has no sample`);
      const given = [...(sample[1] ?? '').matchAll(/(\w+)="/g)].map(([, label]) => label);
      assert.deepEqual(new Set(given), new Set(labels), name);
    }
    const families = [...stdout.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name);
    assert.deepEqual(
      families,
      rows.map(({ name }) => name.replace(/_total$/, '')),
    );
  },
);
