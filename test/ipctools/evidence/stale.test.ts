import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import { RULES } from '@timeq/ipctools';
import { root } from '../../helpers/node.js';
import { quoted } from '../../helpers/shell.js';
import { asStranger, ipctools, playScene, skipWithoutStranger, skipWithoutWorlds } from '../support.js';
import { tools } from '../world.js';

const skip = skipWithoutWorlds();

interface Judged {
  readonly kind: string;
  readonly verdict: string;
  readonly proven: boolean;
  readonly rule: number;
  readonly reasons: readonly string[];
  readonly evidence: {
    readonly semaphore: { readonly state: string; readonly pid?: number; readonly usedSince?: boolean };
    readonly processes: readonly { readonly role: string; readonly state: string; readonly pid: number }[];
    readonly waiting?: string | null;
    readonly readable: boolean;
    readonly ownerProcesses: number | null;
    readonly idleSeconds: number;
    readonly attachments?: number;
    readonly waiters?: number;
  };
}

/** Plays a scene that ends with `ipctools stale --json`, and returns what was judged, queues first. */
async function judgeScene(t: TestContext, scene: string, words = ''): Promise<Judged[]> {
  const { stdout, stderr } = await playScene(t, `${tools}${scene}\nipctools stale ${words} --json`);
  assert.equal(stderr, '');
  const { objects } = JSON.parse(stdout.slice(stdout.indexOf('{"objects"'))) as { objects: Judged[] };
  return objects.toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
}

async function judgeOne(t: TestContext, scene: string, words = ''): Promise<Judged> {
  const [judged, ...others] = await judgeScene(t, scene, words);
  assert.ok(judged);
  assert.deepEqual(others, []);
  return judged;
}

const create = 'ipctools create --key 0x80 >/dev/null';

test('the queue and the semaphore of a living time server are live, which is proven', { skip }, async (t) => {
  const judged = await judgeScene(t, 'serve', '--older-than 0');
  assert.deepEqual(
    judged.map(({ kind, verdict, proven, evidence }) => [kind, verdict, proven, evidence.semaphore.state]),
    [
      ['queue', 'live', true, 'held'],
      ['semaphore set', 'live', true, 'held'],
    ],
  );
});

test('those of a time server that was killed are stale, which is proven', { skip }, async (t) => {
  const judged = await judgeScene(t, 'serve; killed $server');
  assert.deepEqual(
    judged.map(({ kind, verdict, proven, evidence }) => [kind, verdict, proven, evidence.semaphore.state]),
    [
      ['queue', 'stale', true, 'lowered'],
      ['semaphore set', 'stale', true, 'lowered'],
    ],
  );
});

/** Follows the convention, has received once, and lives on. */
const server = `import { Liveness, MessageQueue } from '@timeq/mq-native';
Liveness.claim(0x80, { mode: 0o600 });
const queue = MessageQueue.create(0x80);
queue.trySend(1, '');
queue.tryReceive();
console.log('serves');
setInterval(() => {}, 60_000);`;

/** Sends a request and lives on without waiting for the reply. */
const asker = `import { MessageQueue } from '@timeq/mq-native';
MessageQueue.open(0x80).trySend(1, '');
console.log('asked');
setInterval(() => {}, 60_000);`;

test(
  'those of a server that was killed are unknown while who sent last lives, and stale after that',
  { skip },
  async (t) => {
    const scene = `background "${server}"; server=$last; background "${asker}"; killed $server`;
    const living = await judgeScene(t, scene, '--older-than 0');
    assert.deepEqual(
      living.map(({ kind, verdict, rule, reasons }) => [
        kind,
        verdict,
        rule,
        reasons.map((reason) => reason.replaceAll(/\d+ ?/g, 'N ')),
      ]),
      [
        ['queue', 'unknown', 6, ['its server N is dead, but its last sender N node is alive']],
        [
          'semaphore set',
          'unknown',
          6,
          ['its server N is dead, but its last sender of the queue beside it N node is alive'],
        ],
      ],
    );
    const dead = await judgeScene(t, `${scene}; killed $last`);
    assert.deepEqual(
      dead.map(({ verdict, proven }) => [verdict, proven]),
      [
        ['stale', true],
        ['stale', true],
      ],
    );
  },
);

/** Waits until a semaphore that was never raised is at 0, which it is. */
const watcher = `import { SemaphoreSet } from '@timeq/mq-native';
SemaphoreSet.open(0x80).tryOperate([{ delta: 0 }]);`;

test(
  'a wait for 0 on a set that was never raised leaves what a dead server does, and clean keeps the queue, whichever process is alive',
  { skip },
  async (t) => {
    const scene = `${create}; snippet "import { SemaphoreSet } from '@timeq/mq-native'; SemaphoreSet.create(0x80, { count: 1, mode: 0o600 })"
background "${asker}"; snippet "${watcher}"
ipctools stale --older-than 0 --json; killed $last
ipctools clean --yes --older-than 0 --no-backup >&2; ipctools stale --older-than 0 --json`;
    const { stdout, stderr } = await playScene(t, `${tools}${scene}`);
    const [living, dead] = stdout
      .split(/\n(?=\{"objects")/)
      .map((json) => (JSON.parse(json) as { objects: Judged[] }).objects)
      .map((objects) =>
        objects.map(({ verdict, rule, evidence }) => [verdict, rule, evidence.semaphore.state]),
      );
    assert.deepEqual(living, [
      ['idle', 8, 'doubtful'],
      ['idle', 8, 'doubtful'],
    ]);
    assert.deepEqual(dead, [
      ['unknown', 10, 'doubtful'],
      ['unknown', 10, 'doubtful'],
    ]);
    assert.match(
      stderr,
      /^ipctools: 2 objects, [^\n]*but no process has ever received from it, so it may never have had a server[^\n]*\. To decide: start a server that receives from it, or remove it with `ipctools remove`$/m,
    );
  },
);

/** Receives a message and lives on without waiting in the queue. */
const idler = `import { MessageQueue } from '@timeq/mq-native';
MessageQueue.open(0x80).receiveSync();
console.log('received');
setInterval(() => {}, 60_000);`;

test(
  'a server that has received and only sleeps now makes its queue live, and idle later',
  { skip },
  async (t) => {
    const scene = `${create}; ipctools send 0x80 hello; background "${idler}"`;
    const now = await judgeOne(t, scene);
    assert.deepEqual([now.verdict, now.rule], ['live', 7]);
    const later = await judgeOne(t, scene, 'queues --older-than 0');
    assert.deepEqual([later.verdict, later.rule], ['idle', 8]);
    assert.equal(later.evidence.processes.find(({ role }) => role === 'last receiver')?.state, 'alive');
  },
);

test('a blocked reader keeps its queue, which was never used', { skip }, async (t) => {
  const judged = await judgeOne(
    t,
    `${create}; ipctools receive 0x80 >/dev/null & blocked 0 1`,
    '--older-than 0',
  );
  assert.deepEqual([judged.verdict, judged.proven, judged.evidence.waiting], ['live', true, 'R']);
});

test(
  'a sender that came and went as cron jobs do is idle first, and stale after --older-than',
  { skip },
  async (t) => {
    const scene = `${create}; ipctools send 0x80 report`;
    const soon = await judgeOne(t, scene);
    assert.deepEqual([soon.verdict, soon.rule], ['idle', 13]);
    const late = await judgeOne(t, scene, '--older-than 0');
    assert.deepEqual([late.verdict, late.proven, late.rule], ['stale', false, 15]);
    assert.equal(late.evidence.processes.find(({ role }) => role === 'last sender')?.state, 'dead');
  },
);

test("another user's unreadable queue is unknown", { skip: skipWithoutStranger() }, async (t) => {
  const scene = `${create}; ${asStranger} \
${quoted(process.execPath)} packages/ipctools/bin/ipctools.js stale --older-than 0 --json`;
  const { stdout } = await playScene(t, `${tools}${scene}`);
  const { objects } = JSON.parse(stdout) as { objects: Judged[] };
  assert.deepEqual(
    objects.map(({ verdict, rule, evidence }) => [verdict, rule, evidence.readable]),
    [['unknown', 9, false]],
  );
});

test(
  'where /proc hides the processes of others, they are neither dead nor certain not to wait',
  { skip: skipWithoutStranger() },
  async (t) => {
    const scene = `ipctools create --key 0x80 --mode 0666 >/dev/null; ipctools create --key 0x81 --mode 0666 >/dev/null
background "import { MessageQueue } from '@timeq/mq-native'; MessageQueue.open(0x80).trySend(1, 'x');
console.log('sent'); setInterval(() => {}, 60_000);"
mount -t proc -o hidepid=2 proc /proc || exit 77
${asStranger} ${quoted(process.execPath)} packages/ipctools/bin/ipctools.js \
stale queues --older-than 0 --json`;
    const { code, stdout } = await playScene(t, `${tools}${scene}`);
    assert.equal(code, 0);
    const { objects } = JSON.parse(stdout) as { objects: Judged[] };
    assert.deepEqual(
      objects.map(({ verdict, rule, reasons }) => [verdict, rule, reasons[0]?.replace(/\d+/, 'PID')]),
      [
        ['unknown', 10, "its last sender PID can't be seen by this user"],
        ['unknown', 12, 'a thread may be blocked in it: not every process is visible here'],
      ],
    );
  },
);

test('a sender of another pid namespace makes a queue unknown', { skip }, async (t) => {
  const scene = `${create}; ipctools send 0x80 hello
exec unshare --pid --fork --kill-child --mount-proc ${quoted(process.execPath)} packages/ipctools/bin/ipctools.js \
stale --older-than 0 --json`;
  const { stdout } = await playScene(t, `${tools}${scene}`);
  const { objects } = JSON.parse(stdout) as { objects: Judged[] };
  assert.deepEqual(
    objects.map(({ verdict, rule, reasons }) => [verdict, rule, reasons]),
    [['unknown', 10, ['its last sender belongs to another pid namespace']]],
  );
});

/** A mutex at the key of a queue: it is locked, and its holder lives. */
const mutex = `import { SemaphoreSet } from '@timeq/mq-native';
const set = SemaphoreSet.create(0x80, { count: 1, mode: 0o600 });
set.setValue(0, 1);
set.tryOperate([{ delta: -1 }]);
console.log('locked');
setInterval(() => {}, 60_000);`;

test('a locked mutex at the key of a queue is no proof of death', { skip }, async (t) => {
  const judged = await judgeScene(t, `${create}; background "${mutex}"`, '--older-than 0');
  const [queue, set] = judged;
  assert.deepEqual([queue?.proven, queue?.evidence.semaphore.state], [false, 'foreign']);
  assert.deepEqual([set?.verdict, set?.rule], ['idle', 8]);
});

/** A process that waits until a semaphore is raised. */
const waiter = `import { SemaphoreSet } from '@timeq/mq-native';
console.log('waits');
SemaphoreSet.open(0x80).operateSync([{ delta: -1 }]);`;

test('a set that a process waits for is live', { skip }, async (t) => {
  const scene = `snippet "import { SemaphoreSet } from '@timeq/mq-native'; SemaphoreSet.create(0x80, { count: 2, mode: 0o600 })"
background "${waiter}"; until grep -q semtimedop /proc/$last/task/*/wchan; do sleep 0.02; done`;
  const judged = await judgeOne(t, scene, 'semaphores --older-than 0');
  assert.deepEqual([judged.verdict, judged.proven, judged.evidence.waiters], ['live', true, 1]);
});

/** Has a segment attached. */
const attacher = `import { SharedMemory } from '@timeq/mq-native';
globalThis.attachment = SharedMemory.create(0x80, { bytes: 4096 }).attach();
console.log('attached');
setInterval(() => {}, 60_000);`;

test('an attached segment is live, and stale once its creator has died', { skip }, async (t) => {
  const live = await judgeOne(t, `background "${attacher}"`, 'segments --older-than 0');
  assert.deepEqual([live.verdict, live.proven, live.evidence.attachments], ['live', true, 1]);
  const dead = await judgeOne(t, `background "${attacher}"; killed $last`, 'segments --older-than 0');
  assert.deepEqual([dead.verdict, dead.proven, dead.evidence.attachments], ['stale', false, 0]);
});

test('the table has the stale ones first, each with its reasons', { skip }, async (t) => {
  const scene = `${create}; ipctools create --key 0x81 >/dev/null
ipctools receive 0x80 >/dev/null & blocked 0 1; ipctools stale queues --older-than 0`;
  const { stdout } = await playScene(t, `${tools}${scene}`);
  const [head, first, second] = stdout.split('\n');
  assert.match(head ?? '', /^VERDICT +KIND +KEY +ID +OWNER +IDLE +REASONS$/);
  assert.match(
    first ?? '',
    /^stale +queue +0x00000081 +1 +\S+ +\d+s +no thread is blocked in it; unused for \d+s/,
  );
  assert.match(second ?? '', /^live +queue +0x00000080 +0 +\S+ +\d+s +process \d+ waits for a message$/);
});

test('--explain prints every rule, and the documentation has the same table', async (t) => {
  const { code, stdout } = await ipctools(t, ['stale', '--explain']);
  assert.equal(code, 0);
  for (const { when } of RULES) assert.ok(stdout.includes(when), when);
  const rows = RULES.map(({ verdict, proven, when }, index) => [
    index + 1,
    verdict,
    proven ? 'yes' : '',
    when,
  ]);
  const documented = readFileSync(`${root}docs/evidence.md`, 'utf8')
    .split('\n')
    .filter((line) => /^\| *\d+ *\|/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
  assert.deepEqual(
    documented,
    rows.map((row) => row.map(String)),
  );
});

test('wrong kinds and ages are wrong usage', async (t) => {
  for (const words of [['quues'], ['--older-than', 'long'], ['--namespace', 'here']]) {
    const { code, stderr } = await ipctools(t, ['stale', ...words]);
    assert.deepEqual([code, stderr.split('\n').length], [2, 2], stderr);
  }
});
