import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { Processes, type LivenessState, type QueueEntry } from '@timeq/mq-native';
import { semaphoreEvidence } from '#ipctools/evidence/semaphore';

/** Processes that are dead. */
const [server, client] = [spawnSync('true').pid, spawnSync('true').pid];
const now = Math.floor(Date.now() / 1000);

/** The server has answered a client and died in the same second. */
const answered: QueueEntry = {
  ...{ key: 128, id: 5, mode: 0o600, uid: 0, gid: 0, creatorUid: 0, creatorGid: 0, changeTime: 1 },
  ...{ bytes: 0, messages: 0, maxBytes: 16_384 },
  ...{ lastSendPid: server, sendTime: now, lastReceivePid: client, receiveTime: now },
};

function usedSince(changes: Partial<QueueEntry>): boolean | undefined {
  const died: LivenessState = { state: 'dead', pid: server, time: now, doubt: undefined };
  const evidence = semaphoreEvidence(died, { ...answered, ...changes }, new Processes());
  assert.equal(evidence.state, 'lowered');
  return evidence.state === 'lowered' ? evidence.usedSince : undefined;
}

test('a queue whose server has replied and died was not used since, also if all of it was in one second', () => {
  assert.equal(usedSince({}), false);
  assert.equal(usedSince({ sendTime: now - 60, receiveTime: now - 60 }), false);
});

test('nor was one that was never received from, or by the dead server last', () => {
  assert.equal(usedSince({ lastReceivePid: 0, receiveTime: 0, lastSendPid: client }), false);
  assert.equal(usedSince({ lastReceivePid: server, lastSendPid: client }), false);
});

test('a process that has received since and is alive, or may be, has used the queue', () => {
  assert.equal(usedSince({ lastReceivePid: process.pid }), true, 'alive');
  assert.equal(usedSince({ lastReceivePid: 0 }), true, 'in another pid namespace');
  assert.equal(
    usedSince({ lastReceivePid: process.pid, receiveTime: 1 }),
    true,
    'another process has its number',
  );
});

test('if another process has sent since, the last receiver may have received that', () => {
  assert.equal(usedSince({ lastSendPid: client }), true);
  assert.equal(usedSince({ sendTime: now + 1 }), true, 'another process had its number');
});

test('a death in doubt is no proof, and a living holder makes it no server', () => {
  const evidence = (doubt: 'alive' | 'elsewhere' | 'hidden' | 'reused' | 'unserved'): unknown =>
    semaphoreEvidence({ state: 'dead', pid: server, time: now, doubt }, answered, new Processes());
  assert.deepEqual(evidence('alive'), { state: 'foreign' });
  for (const doubt of ['elsewhere', 'hidden', 'reused', 'unserved'] as const)
    assert.deepEqual(evidence(doubt), { state: 'doubtful', pid: server, doubt });
});
