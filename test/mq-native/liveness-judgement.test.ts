import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  judgeLiveness,
  Liveness,
  SemaphoreSet,
  type KnownProcess,
  type LivenessReading,
  type Processes,
} from '@timeq/mq-native';
import { freshKey } from '../helpers/keys.js';
import { runSnippet, startSnippet } from '../helpers/node.js';
import { untilBlocked } from '../helpers/threads.js';

const owner = 1000;
const stranger = 1001;
const used = { sendTime: 90, receiveTime: 90, lastSendPid: 40 };
const queue = { uid: owner, ...used };
const set = { count: 1, uid: owner, creatorUid: owner, mode: 0o644, operateTime: 100 };
const lowered: LivenessReading = { set, value: 0, pid: 40, waitingForIncrease: 0 };
const held: LivenessReading = { ...lowered, value: 1 };

/** The processes of a machine on which every process has that state. */
const all = (state: KnownProcess['state']): Pick<Processes, 'find' | 'isExiting'> => ({
  find: (pid) => ({ pid: state === 'elsewhere' ? 0 : pid, state }),
  isExiting: () => false,
});

function judged(reading: LivenessReading, state: KnownProcess['state'] = 'dead', beside = queue): string {
  const judgement = judgeLiveness(reading, beside, all(state));
  return judgement.state === 'dead' && judgement.doubt !== undefined
    ? `dead, in doubt: ${judgement.doubt}`
    : judgement.state;
}

const withSet = (changes: Partial<typeof set>): LivenessReading => ({
  ...lowered,
  set: { ...set, ...changes },
});

test('a semaphore that its dead holder has left at 0 proves that its server is dead', () => {
  assert.deepEqual(judgeLiveness(lowered, queue, all('dead')), {
    state: 'dead',
    pid: 40,
    time: 100,
    doubt: undefined,
  });
});

test('a semaphore that other users could have lowered is not trusted', () => {
  assert.equal(judged(withSet({ uid: stranger })), 'untrusted');
  assert.equal(judged(withSet({ creatorUid: stranger })), 'untrusted', 'its creator may change it as well');
  assert.equal(judged(withSet({ mode: 0o666 })), 'untrusted');
  assert.equal(judged(withSet({ mode: 0o664 })), 'untrusted');
  assert.equal(judged(withSet({ mode: 0o646 })), 'untrusted');
  assert.equal(judged(withSet({ uid: 0, creatorUid: 0 })), 'dead', 'root could do anything');
  assert.equal(judged(withSet({ uid: owner, creatorUid: 0 })), 'dead');
  assert.equal(judged(lowered, 'dead', { ...queue, uid: stranger }), 'untrusted', "another's queue");
});

test('a set that others wait for is of another convention', () => {
  assert.equal(judged({ ...lowered, waitingForIncrease: 1 }), 'foreign');
  assert.equal(judged({ ...held, waitingForIncrease: 1 }, 'alive'), 'foreign');
});

test('a mutex that is free is of another convention: its last user is dead, or it was only set', () => {
  assert.equal(judged(held, 'dead'), 'foreign');
  assert.equal(judged({ ...held, set: { ...set, operateTime: 0 } }, 'alive'), 'foreign');
});

test('more semaphores than one, and more than 1, are of another convention', () => {
  assert.equal(judged(withSet({ count: 2 })), 'foreign');
  assert.equal(judged({ ...held, value: 2 }, 'alive'), 'foreign');
});

test('a semaphore at 1 is held, by whomever its number tells', () => {
  for (const state of ['alive', 'hidden', 'reused', 'elsewhere'] as const)
    assert.equal(judged(held, state), 'alive');
});

test("a death that can't be looked up is in doubt, and says why", () => {
  for (const doubt of ['alive', 'hidden', 'reused', 'elsewhere'] as const)
    assert.equal(judged(lowered, doubt), `dead, in doubt: ${doubt}`);
});

test('a queue that was sent to and never received from may never have had a server', () => {
  const unserved = { ...queue, receiveTime: 0, lastSendPid: 41 };
  assert.equal(judged(lowered, 'dead', unserved), 'dead, in doubt: unserved');
  assert.equal(judged(lowered, 'hidden', unserved), 'dead, in doubt: hidden');
  assert.equal(judged(held, 'alive', unserved), 'alive');
  assert.equal(judged(lowered, 'dead', { ...unserved, lastSendPid: 40 }), 'dead', 'its holder sent to it');
  assert.equal(judged(lowered, 'dead', { ...unserved, receiveTime: 90 }), 'dead');
  assert.equal(
    judged(lowered, 'dead', { ...unserved, sendTime: 0 }),
    'dead',
    'it was never used, and nothing is in it',
  );
});

test('a semaphore that was never raised says nothing', () => {
  assert.equal(judged(withSet({ operateTime: 0 })), 'none');
});

test('beside no queue, a set is trusted by its own owner', () => {
  assert.equal(judgeLiveness(lowered, undefined, all('dead')).state, 'dead');
  assert.equal(judgeLiveness(withSet({ creatorUid: stranger }), undefined, all('dead')).state, 'untrusted');
});

test('a semaphore that a new server raises while it is judged is held', async (t) => {
  const key = freshKey(t);
  const source = `import { Liveness } from '@timeq/mq-native'; Liveness.claim(Number(process.argv[1]), { mode: 0o600 });`;
  assert.equal((await runSnippet(t, source, [key])).code, 0);
  const semaphore = SemaphoreSet.open(key);
  assert.equal(Liveness.judge(semaphore, () => undefined).state, 'dead');
  // The queue is asked for when the semaphore was read.
  const claims = (): undefined => void semaphore.tryOperate([{ delta: 1, undo: true }]);
  assert.deepEqual(Liveness.judge(semaphore, claims), { state: 'alive', pid: process.pid });
});

test('a mutex that its living holder has locked proves no death', (t) => {
  const key = freshKey(t);
  const mutex = SemaphoreSet.create(key, { count: 1, mode: 0o600 });
  mutex.setValue(0, 1);
  assert.deepEqual(Liveness.check(key), { state: 'foreign' }, 'it is free');
  assert.equal(mutex.tryOperate([{ delta: -1 }]), true);
  const { state, doubt } = Liveness.check(key) as { state: string; doubt?: string };
  assert.deepEqual([state, doubt], ['dead', 'alive'], 'it is locked');
});

test('a process that waited for a death is named in its place, and leaves it in doubt', async (t) => {
  const key = freshKey(t);
  const holder = startSnippet(
    t,
    `import { Liveness } from '@timeq/mq-native';
    Liveness.claim(Number(process.argv[1]), { mode: 0o600 });
    console.log('claimed');
    setInterval(() => {}, 60_000);`,
    [key],
  );
  await holder.waitFor('claimed');
  const died = Liveness.died(key);
  await untilBlocked('semtimedop');
  holder.kill('SIGKILL');
  await died;
  const { state, pid, doubt } = Liveness.check(key) as { state: string; pid?: number; doubt?: string };
  assert.deepEqual([state, pid, doubt], ['dead', process.pid, 'alive']);
});

test('a semaphore that a process waits for is not taken for the end of a server', async (t) => {
  const key = freshKey(t);
  const user = startSnippet(
    t,
    `import { SemaphoreSet } from '@timeq/mq-native';
    const set = SemaphoreSet.create(Number(process.argv[1]), { count: 1, mode: 0o600 });
    set.tryOperate([{ delta: 1 }]);
    set.tryOperate([{ delta: -1 }]);`,
    [key],
  );
  assert.equal((await user.exit()).code, 0);
  assert.equal(Liveness.check(key).state, 'dead');
  const waiter = startSnippet(
    t,
    `import { SemaphoreSet } from '@timeq/mq-native';
    SemaphoreSet.open(Number(process.argv[1])).operateSync([{ delta: -1 }]);`,
    [key],
  );
  await untilBlocked('semtimedop', waiter.pid);
  assert.deepEqual(Liveness.check(key), { state: 'foreign' });
});
