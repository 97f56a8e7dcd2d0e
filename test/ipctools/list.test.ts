import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import test from 'node:test';
import { mask, playScene, skipWithoutStranger, skipWithoutWorlds } from './support.js';
import { skipWithoutCommands } from '../helpers/commands.js';
import { temporaryFolder } from '../helpers/folder.js';
import { quoted } from '../helpers/shell.js';

const skip = skipWithoutWorlds();

/** Three queues: one with messages, one that is full, a private one that was never used. */
const three = `
ipctools create --key 0x80 >/dev/null
ipctools create --key 0x81 --max-bytes 10 --mode 0640 >/dev/null
ipctools create --private >/dev/null
ipctools send 0x80 one two
ipctools send 0x81 1234567890
`;

async function lines(t: test.TestContext, commands: string): Promise<string[]> {
  const { stdout, stderr, code } = await playScene(t, commands);
  assert.deepEqual([stderr, code], ['', 0]);
  return mask(stdout).trimEnd().split('\n');
}

test('a list shows each queue in a line, in the order of the kernel', { skip }, async (t) => {
  assert.deepEqual(await lines(t, `${three} ipctools list`), [
    'KEY  ID  OWNER  MODE  MESSAGES  BYTES  FULL  WAITING  LAST-SENDER  LAST-RECEIVER  IDLE',
    '0x00000080  0  root  0600  2  6  0%  -  PID dead  -  AGO',
    '0x00000081  1  root  0640  1  10  100%  -  PID dead  -  AGO',
    '0x00000000  2  root  0600  0  0  0%  -  -  -  AGO',
  ]);
});

/** What each of the commands prints in one scene, in lines. */
async function each(t: test.TestContext, before: string, commands: readonly string[]): Promise<string[][]> {
  const parts = (await lines(t, before + commands.map((command) => `\n${command}; echo =`).join(''))).join(
    '\n',
  );
  return parts
    .split(/^=$\n?/m)
    .slice(0, -1)
    .map((part) => part.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()])));
}

test(
  'the last sender is named by its script, not by what interprets it',
  { skip: skip || skipWithoutCommands('python3') },
  async (t) => {
    const folder = temporaryFolder(t);
    const binding = JSON.stringify(import.meta.resolve('@timeq/mq-native'));
    writeFileSync(
      `${folder}/fill.mjs`,
      `import { MessageQueue } from ${binding};
    MessageQueue.create(0x80).sendSync(1, Buffer.from('one')); setInterval(() => undefined, 1000);`,
    );
    writeFileSync(
      `${folder}/feed.py`,
      `import ctypes, time
libc = ctypes.CDLL(None)
libc.msgsnd(libc.msgget(0x81, 0o1600), b'\\1' + bytes(15), ctypes.c_size_t(8), 0)
time.sleep(1000)`,
    );
    const node = quoted(process.execPath);
    const [named, filtered, json] = await each(
      t,
      `${node} ${quoted(`${folder}/fill.mjs`)} & python3 -u ${quoted(`${folder}/feed.py`)} &
    until [ "$(ipctools list --filter 'messages>0' --no-header | wc -l)" = 2 ]; do :; done`,
      [
        'ipctools list --columns key,last-sender --no-header --sort key',
        'ipctools list --columns key --no-header --filter last-sender=feed.py',
        'ipctools list --json --filter key=0x80; kill %1 %2',
      ],
    );
    assert.deepEqual(
      named?.map((line) => line.replace(/ \d+ /, ' PID ')),
      ['0x00000080  PID fill.mjs', '0x00000081  PID feed.py'],
    );
    assert.deepEqual(filtered, ['0x00000081']);
    assert.match(json?.join('') ?? '', /"name":\s*"node"/);
  },
);

test('columns are chosen in order, or added', { skip }, async (t) => {
  const [chosen, added, all] = await each(t, three, [
    'ipctools ls --columns id,KEY,limit --no-header',
    'ipctools ls --columns +limit,+group',
    'ipctools ls --columns all',
  ]);
  assert.deepEqual(chosen, ['0  0x00000080  16.0K', '1  0x00000081  10', '2  0x00000000  16.0K']);
  assert.match(added?.[0] ?? '', /^KEY {2}ID .* IDLE {2}LIMIT {2}GROUP$/);
  assert.match(all?.[0] ?? '', /CREATOR-GROUP {2}CHANGED$/);
});

test('a list is sorted by several columns, up and down', { skip }, async (t) => {
  const sorts = ['-id', '-full', 'owner,-bytes'];
  const commands = sorts.map((list) => `ipctools ls --columns id --no-header --sort ${list}`);
  assert.deepEqual(await each(t, three, commands), [
    ['2', '1', '0'],
    ['1', '0', '2'],
    ['1', '0', '2'],
  ]);
});

test('conditions on any column are all to be satisfied', { skip }, async (t) => {
  const expected: readonly [filters: string, ids: readonly string[]][] = [
    [`--filter 'messages>0'`, ['0', '1']],
    [`--filter 'messages>0' --filter 'full<80%'`, ['0']],
    [`--filter 'key=0x81'`, ['1']],
    [`--filter 'key = 129'`, ['1']],
    [`--filter 'mode!=0600'`, ['1']],
    [`--filter last-sender=dead`, ['0', '1']],
    [`--filter last-sender=never`, ['2']],
    [`--filter 'idle>1h'`, []],
    [`--filter 'sent>2020-01-01T00:00:00Z'`, ['0', '1']],
    [`--filter 'limit>=16K'`, ['0', '2']],
    [`--filter 'key~81'`, ['1']],
    [`--filter 'key!~81'`, ['0', '2']],
    [`--filter waiting=-`, ['0', '1', '2']],
    [`--owner root --filter owner=0`, ['0', '1', '2']],
  ];
  const commands = expected.map(([filters]) => `ipctools ls --columns id --no-header ${filters}`);
  const ids = await each(t, three, commands);
  for (const [index, [filters, wanted]] of expected.entries()) assert.deepEqual(ids[index], wanted, filters);
});

test('raw output has exact values with tabs between them', { skip }, async (t) => {
  const { stdout } = await playScene(
    t,
    `${three} ipctools ls --raw --columns key,id,full,limit,mode,received`,
  );
  assert.equal(
    stdout,
    [
      'KEY\tID\tFULL\tLIMIT\tMODE\tRECEIVED',
      '0x00000080\t0\t0.04\t16384\t0600\t0',
      '0x00000081\t1\t100.00\t10\t0640\t0',
      '0x00000000\t2\t0.00\t16384\t0600\t0\n',
    ].join('\n'),
  );
});

test('segments and semaphore sets are listed as well', { skip }, async (t) => {
  const objects = `ipcmk -M 100000 -p 0600 >/dev/null; ipcmk -S 4 -p 0640 >/dev/null`;
  const listed = await lines(t, `${objects}; ipctools list all --sort id`);
  assert.deepEqual(
    listed.map((line) => line.replace(/^0x[0-9a-f]{8}/, 'KEY')),
    [
      'queues',
      'KEY  ID  OWNER  MODE  MESSAGES  BYTES  FULL  WAITING  LAST-SENDER  LAST-RECEIVER  IDLE',
      '',
      'segments',
      'KEY  ID  OWNER  MODE  BYTES  ATTACHED  STATUS  SLOTS  CREATOR-PROCESS  LAST-PROCESS  PROCESSES  IDLE',
      'KEY  0  root  0600  97.7K  0  -  -  PID dead  -  -  AGO',
      '',
      'semaphores',
      'KEY  ID  OWNER  MODE  COUNT  VALUES  WAITING  IDLE  OPERATED',
      'KEY  0  root  0640  4  0,0,0,0  0  AGO  -',
    ],
  );
});

test(
  'a live process is named, a dead one is marked, a thread is mapped to its process',
  { skip },
  async (t) => {
    const scene = `
ipctools create --key 0x80 >/dev/null; ipctools create --key 0x81 >/dev/null
exec 3> >(ipctools send 0x80 --lines)
echo one >&3
coproc ipctools receive 0x80 --follow
read -r line <&"\${COPROC[0]}"
ipctools send 0x81 one
ipctools list --json
kill $COPROC_PID
`;
    const { stdout } = await playScene(t, scene);
    const [first, second] = (
      JSON.parse(stdout) as { queues: Record<string, { state: string; name: string }>[] }
    ).queues;
    assert.equal(first?.['lastSender']?.state, 'alive');
    assert.equal(first['lastSender'].name, 'node');
    assert.equal(first['lastReceiver']?.state, 'alive');
    assert.equal(second?.['lastSender']?.state, 'dead');
    assert.equal(second['lastSender'].name, null);
    assert.equal(second['lastReceiver']?.state, 'never');
  },
);

test('a process of another pid namespace is elsewhere, not never', { skip }, async (t) => {
  const scene = `
ipctools create --key 0x80 >/dev/null
unshare --pid --fork bash -c "${quoted(process.execPath)} -e 0; $(declare -f ipctools); ipctools receive 0x80 --all; ipctools send 0x80 x"
unshare --pid --fork --mount-proc bash -c "$(declare -f ipctools); ipctools list --json"
`;
  const { stdout, stderr } = await playScene(t, scene);
  const { queues } = JSON.parse(stdout) as { queues: Record<string, unknown>[] };
  assert.deepEqual(queues[0]?.['lastSender'], { pid: 0, state: 'elsewhere', name: null }, stderr);
  assert.deepEqual(queues[0]['lastReceiver'], { pid: 0, state: 'never', name: null });
  assert.equal(queues[0]['waiting'], null, 'who waits can be elsewhere as well');
});

test('blocked senders and receivers are shown', { skip }, async (t) => {
  const scene = `
ipctools create --key 0x80 >/dev/null; ipctools create --key 0x81 --max-bytes 8 >/dev/null; ipctools send 0x81 itsfull!
ipctools receive 0x80 --type 7 & ipctools send 0x81 more & ipctools send 0x81 evenmore &
blocked 0 1; blocked 1 2
ipctools list --columns id,waiting --no-header
ipctools list --json --columns waiting
ipctools list --filter waiting=S --columns id --no-header
ipctools show 0x80 | grep waiting
ipctools
kill %1 %2 %3
`;
  const { stdout } = await playScene(t, scene);
  const text = mask(stdout)
    .replace(/"[pt]id":\d+/g, '"id":N')
    .replace(/, PID|: PID/g, ' PID');
  assert.match(text, /^0 {2}R\n1 {2}S\n/);
  assert.match(text, /"waiting":"R","blockedSenders":\[\],"blockedReceivers":\[\{"id":N,"id":N,"type":7\}\]/);
  // In the order of their pids, which start anew at some number.
  const [more, evenMore] = ['{"id":N,"id":N,"bytes":4}', '{"id":N,"id":N,"bytes":8}'];
  const both = [`[${more},${evenMore}]`, `[${evenMore},${more}]`];
  assert.ok(
    both.some((senders) => text.includes(`"waiting":"S","blockedSenders":${senders}`)),
    text,
  );
  assert.match(text, /\n1\nwaiting {2}R PID node \(thread TID\) receives type 7\n/);
  assert.match(text, /! queue 1 \(key 0x00000081\) is full: 1 message, 8 of 8 bytes\n/);
  assert.match(text, /! 2 senders are blocked in queue 1 \(key 0x00000081\) PID node PID node\n/);
});

test('JSON has typed fields, and the same key with an empty list', { skip }, async (t) => {
  const scene = `ipctools list all --json; echo =; ${three} ipctools list --json; echo =; ipctools ls --json --columns id,full`;
  const { stdout } = await playScene(t, scene);
  const [empty, full, chosen] = stdout.split('=\n').map((text) => JSON.parse(text) as unknown);
  assert.deepEqual(empty, { queues: [], segments: [], semaphores: [] });
  const [first, , third] = (full as { queues: Record<string, unknown>[] }).queues;
  assert.ok(first !== undefined && third !== undefined);
  const { lastSender, sendTime, sendTimeEpoch, changeTime, changeTimeEpoch, idleSeconds, ...rest } = first;
  assert.deepEqual(rest, {
    key: 128,
    keyHex: '0x00000080',
    id: 0,
    owner: 'root',
    ownerUid: 0,
    mode: 384,
    modeOctal: '0600',
    messages: 2,
    bytes: 6,
    fullPercent: 0.04,
    waiting: '',
    blockedSenders: [],
    blockedReceivers: [],
    lastReceiver: { pid: 0, state: 'never', name: null },
    program: null,
    unit: null,
    maxBytes: 16384,
    receiveTime: null,
    receiveTimeEpoch: null,
    group: 'root',
    groupGid: 0,
    creator: 'root',
    creatorUid: 0,
    creatorGroup: 'root',
    creatorGroupGid: 0,
  });
  assert.equal((lastSender as { state: string }).state, 'dead');
  assert.match(String(sendTime), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.equal(Date.parse(String(sendTime)) / 1000, sendTimeEpoch);
  assert.equal(Date.parse(String(changeTime)) / 1000, changeTimeEpoch);
  assert.equal(typeof idleSeconds, 'number');
  assert.equal(third['sendTime'], null);
  assert.deepEqual((chosen as { queues: unknown[] }).queues[1], { id: 1, fullPercent: 100 });
});

test(
  'a long table is written whole, ends quietly when its reader goes away, and tells of a full disk',
  { skip },
  async (t) => {
    const scene = `
perl -e 'msgget(1000 + $_, 0600 | 01000) // die for 1 .. 3000'
ipctools list | wc -l; ipctools list --raw | wc -l
ipctools list --json | head -n 1; echo "\${PIPESTATUS[0]}"
ipctools list | head -n 1 >/dev/null; echo "\${PIPESTATUS[0]}"
ipctools list --json >/dev/full; echo $?
`;
    const { stdout, stderr } = await playScene(t, scene);
    assert.equal(stdout, '3001\n3001\n{"queues":[\n0\n0\n1\n');
    assert.equal(
      stderr,
      'ipctools: the output could not be written: ENOSPC: no space left on device, write\n',
    );
  },
);

test(
  'an owner is shown by the name that the C library has, and by number without one',
  { skip: skipWithoutStranger() },
  async (t) => {
    const scene = `
for key in 1 2; do ipctools create --key $key >/dev/null; done
ipctools set 0x1 --owner 54321 >/dev/null
ipctools list --columns owner,id --no-header --sort id; id -nu 0
`;
    const { stdout } = await playScene(t, scene);
    assert.equal(mask(stdout), '54321  0\nroot  1\nroot\n');
  },
);
