import assert from 'node:assert/strict';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import {
  cleanObjects,
  cleanStale,
  EvidenceGatherer,
  Facts,
  judge,
  type IpcObject,
  type Judgement,
} from '@timeq/ipctools';
import { judgeAgain, movedSince } from '#ipctools/cleaning/clean';
import { MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import { temporaryFolder } from '../../helpers/folder.js';
import { queueWithId } from '../../helpers/kernel-table.js';
import { freshKey } from '../../helpers/keys.js';
import { bin, runSnippet } from '../../helpers/node.js';
import { quoted } from '../../helpers/shell.js';
import { trackSegment, trackSemaphores } from '../../helpers/tracking.js';
import { asStranger, playScene, skipWithoutStranger, skipWithoutWorlds } from '../support.js';
import { tools } from '../world.js';

const skip = skipWithoutWorlds();
const stranger = `${asStranger} ${quoted(process.execPath)} ${quoted(bin('ipctools'))}`;

test(
  'clean without rights says how many it left, why, and what would decide',
  { skip: skipWithoutStranger() },
  async (t) => {
    const scene = `${tools}cd /
for key in 0x80 0x81; do ${stranger} create --key $key --mode 0666 >/dev/null; done
ipctools create --key 0x82 --mode 0600 >/dev/null
${stranger} clean --older-than 0 --yes; echo "code $?"
${stranger} clean --older-than 0 --dry-run --json; echo
${stranger} clean --older-than 0 --yes --no-backup --assume-unseen-idle; echo "code $?"`;
    const { stdout, stderr } = await playScene(t, scene, { env: { HOME: temporaryFolder(t) } });
    const [first, second, ...rest] = stdout.split('\n');
    assert.deepEqual([first, second], ['nothing is stale, left 3 unknown; nothing done', 'code 0']);
    const lines = stderr.split('\n');
    assert.match(
      lines[0] ?? '',
      /^ipctools: 2 objects, such as queue 0 \(key 0x00000080\): unknown, so they stay: a thread may be blocked in it: process 1( and \d+ others?)? can't be inspected\. To decide: run ipctools as root of the host, which sees every process, or pass --assume-unseen-idle if you know that no hidden process uses it$/,
    );
    assert.match(
      lines[1] ?? '',
      /^ipctools: queue 2 \(key 0x00000082\): unknown, so it stays: this user may not read it\. To decide: run ipctools as its owner or as root$/,
    );
    const text = rest.join('\n');
    const { cleaning } = JSON.parse(text.slice(0, text.indexOf('\n}\n') + 2)) as {
      cleaning: { candidates: unknown[]; unknown: { id: number; next: string | null }[] };
    };
    assert.deepEqual(
      [cleaning.candidates, cleaning.unknown.map(({ id, next }) => [id, typeof next])],
      [
        [],
        [
          [0, 'string'],
          [1, 'string'],
          [2, 'string'],
        ],
      ],
    );
    assert.match(text, /\nremoved 2, left 1 unknown; 0 bytes freed\ncode 0\n$/);
  },
);

/** A queue that was judged, and is used before it goes. */
function judged(t: TestContext): {
  queue: MessageQueue;
  judgement: Judgement;
  clean: () => ReturnType<typeof cleanStale>;
} {
  const criteria = { olderThanSeconds: 0, assumeUnseenIdle: true };
  const queue = MessageQueue.create(freshKey(t));
  const facts = new Facts();
  const judgement = judge(
    new EvidenceGatherer(facts).gather({ kind: 'queue', entry: queue.stat() }),
    criteria,
  );
  assert.equal(judgement.verdict, 'stale');
  return { queue, judgement, clean: () => cleanStale([judgement], criteria, 'none', facts) };
}

test('clean without a backup keeps a queue that was used since it was listed', (t) => {
  const { queue, clean } = judged(t);
  queue.trySend(1, 'since then');
  const { removed, kept } = clean();
  assert.deepEqual([removed, kept.map(({ cause }) => cause)], [[], ['used since']]);
  assert.equal(queueWithId(queue.id)?.['qnum'], 1);
});

test('clean without a backup keeps a queue whose mode was changed, and removes one that was left alone', (t) => {
  const changed = judged(t);
  changed.queue.set({ mode: 0o660 });
  assert.deepEqual(
    changed.clean().kept.map(({ why }) => why.replace(/, changeTime/, '')),
    ['it was used since it was listed (mode)'],
  );
  const alone = judged(t);
  const { removed, kept, longestWindow } = alone.clean();
  assert.deepEqual([removed.length, kept], [1, []]);
  assert.ok(longestWindow > 0 && longestWindow < 60_000, `${longestWindow}`);
  assert.equal(queueWithId(alone.queue.id), undefined);
});

test('the window that is told is the longest one', (t) => {
  const objects = [judged(t), judged(t)].map(({ judgement }) => judgement.evidence.object);
  let slow = true;
  const { removed, longestWindow } = cleanObjects(objects, 'none', new Facts(), () => () => {
    const end = performance.now() + (slow ? 50 : 0);
    slow = false;
    while (performance.now() < end);
    return undefined;
  });
  assert.equal(removed.length, 2);
  assert.ok(longestWindow >= 50, `${longestWindow}`);
});

test('clean tells a queue that others have removed', (t) => {
  const { queue, clean } = judged(t);
  queue.remove();
  assert.deepEqual(
    clean().kept.map(({ cause, why }) => [cause, why]),
    [['gone', 'another process removed it']],
  );
});

test('clean keeps a queue whose key a server has claimed since it was listed', (t) => {
  const { queue, clean } = judged(t);
  const set = trackSemaphores(t, SemaphoreSet.create(queue.key ?? 0, { count: 1 }));
  set.tryOperate([{ delta: 1, undo: true }]);
  assert.deepEqual(
    clean().kept.map(({ cause }) => cause),
    ['not stale any more'],
  );
  assert.notEqual(queueWithId(queue.id), undefined);
});

/** A queue and the semaphore of the server that died with it, both judged and proven stale. */
async function deadServer(t: TestContext): Promise<{
  queue: MessageQueue;
  judgements: readonly Judgement[];
  clean: () => ReturnType<typeof cleanStale>;
}> {
  const criteria = { olderThanSeconds: 3600, assumeUnseenIdle: true };
  const key = freshKey(t);
  const source = `import { Liveness, MessageQueue } from '@timeq/mq-native';
    Liveness.claim(Number(process.argv[1]), { mode: 0o600 });
    MessageQueue.create(Number(process.argv[1]));`;
  assert.equal((await runSnippet(t, source, [key])).code, 0);
  const [queue, set] = [MessageQueue.open(key), SemaphoreSet.open(key)];
  const facts = new Facts();
  const gatherer = new EvidenceGatherer(facts);
  // The semaphore first.
  const judgements = [
    judge(gatherer.gather({ kind: 'semaphore set', entry: set.stat() }), criteria),
    judge(gatherer.gather({ kind: 'queue', entry: queue.stat() }), criteria),
  ];
  for (const { verdict, proven } of judgements) assert.deepEqual([verdict, proven], ['stale', true]);
  return { queue, judgements, clean: () => cleanStale(judgements, criteria, 'none', facts) };
}

test('the semaphore of a dead server goes with its queue, whichever was listed first', async (t) => {
  const { clean } = await deadServer(t);
  const { removed, kept } = clean();
  assert.deepEqual([removed.map(({ kind }) => kind), kept], [['queue', 'semaphore set'], []]);
});

test('the semaphore of a dead server stays with its queue', async (t) => {
  const { queue, clean } = await deadServer(t);
  queue.set({ mode: 0o640 });
  assert.deepEqual(
    clean().kept.map(({ object, cause }) => [object.kind, cause]),
    [
      ['queue', 'used since'],
      ['semaphore set', 'its queue stays'],
    ],
  );
});

test('a queue that is used while every process is looked at stays', (t) => {
  const queue = MessageQueue.create(freshKey(t));
  const facts = new Facts({
    ownerProcesses: {
      // Asked in the middle of the second look.
      get counts() {
        queue.trySend(1, '');
        queue.tryReceive();
        return undefined;
      },
    },
  });
  const look = judgeAgain({ olderThanSeconds: -1, assumeUnseenIdle: true }, facts);
  assert.equal(look({ kind: 'queue', entry: queue.stat() })?.cause, 'used since');
});

test('a queue that could not be saved stays, and the rest goes', (t) => {
  const queue = MessageQueue.create(freshKey(t));
  const segment = trackSegment(t, SharedMemory.create(freshKey(t), { bytes: 100 }));
  const objects = [
    { kind: 'queue', entry: queue.stat() },
    { kind: 'segment', entry: segment.stat() },
  ] as const;
  const none = join(temporaryFolder(t), 'no-such-folder', 'copy.jsonl');
  const { removed, failed, unsaved } = cleanObjects(objects, { choosePath: () => none }, new Facts());
  assert.deepEqual(
    [removed.map(({ kind }) => kind), failed.map(({ object }) => object.kind), unsaved],
    [['segment'], ['queue'], 1],
  );
  assert.notEqual(queueWithId(queue.id), undefined);
});

test('an object that cannot be removed does not stop the rest', (t) => {
  const [first, second] = [MessageQueue.create(freshKey(t)), MessageQueue.create(freshKey(t))];
  const objects = [first, second].map((queue) => ({ kind: 'queue', entry: queue.stat() }) as const);
  // Another process removes it between the second look and the removal.
  const look = ({ entry }: IpcObject): undefined => {
    if (entry.id === first.id) first.remove();
  };
  const { removed, failed } = cleanObjects(objects, 'none', new Facts(), () => look);
  assert.deepEqual(
    [removed.map(({ entry }) => entry.id), failed.map(({ object }) => object.entry.id)],
    [[second.id], [first.id]],
  );
});

test('a second look sees a segment that is attached, and a set that is operated on', (t) => {
  const segment = trackSegment(t, SharedMemory.create(freshKey(t), { bytes: 100 }));
  const listed = { kind: 'segment', entry: segment.stat() } as const;
  assert.equal(movedSince(listed), undefined);
  const attachment = segment.attach();
  assert.match(movedSince(listed)?.why ?? '', /attachments/);
  attachment.detach();
  const set = trackSemaphores(t, SemaphoreSet.create(freshKey(t), { count: 1 }));
  const before = { kind: 'semaphore set', entry: set.stat() } as const;
  assert.equal(movedSince(before), undefined);
  set.tryOperate([{ delta: 1 }]);
  assert.match(movedSince(before)?.why ?? '', /operateTime/);
});

/**
 * Stops the clock half a second into the second of its argument, says how long the program would wait, and runs a
 * command in place of the wait.
 */
const stoppedClock = `import timers from 'node:timers/promises';
import { execFileSync } from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
Date.now = () => Number(process.env.STOPPED_AT) * 1000 + 500;
timers.setTimeout = async (milliseconds) => {
  console.log('waits', milliseconds);
  execFileSync('sh', ['-c', process.env.AT_WAIT ?? ''], { env: { ...process.env, NODE_OPTIONS: '' } });
};
syncBuiltinESMExports();`;

const untilStopped = `${tools}
export STOPPED_AT=$(snippet "import { MessageQueue } from '@timeq/mq-native'; console.log(MessageQueue.create(0x80).stat().changeTime)")
export NODE_OPTIONS="--import=data:text/javascript,${encodeURIComponent(stoppedClock)}"`;

test(
  'clean lets the second pass in which something was used, so that a later use would show; a dry run does not',
  { skip },
  async (t) => {
    const scene = `${untilStopped}
ipctools clean --older-than 0 --dry-run --json | grep -c waits
ipctools clean --older-than 0 --yes --json --no-backup | grep -E 'waits|"removed"'`;
    const { stdout } = await playScene(t, scene);
    assert.equal(stdout, '0\nwaits 520\n    "removed": [\n');
  },
);

test(
  'after that second, clean lists all objects again: of one that is gone, nothing is said',
  { skip },
  async (t) => {
    const remove = `import { MessageQueue } from '@timeq/mq-native'; MessageQueue.open(0x80).remove();`;
    const command = `${quoted(process.execPath)} --input-type=module --eval ${quoted(remove)}`;
    const { stdout, stderr } = await playScene(
      t,
      `${untilStopped}
export AT_WAIT=${quoted(command)}
ipctools clean --older-than 0 --yes --json --no-backup | grep -E 'waits|"removed"|"kept"'`,
    );
    assert.equal(stdout, 'waits 520\n    "removed": [],\n    "kept": [],\n', stderr);
  },
);
