import assert from 'node:assert/strict';
import test from 'node:test';
import { EvidenceGatherer, Facts, type BlockedThreads } from '@timeq/ipctools';
import { findBlockedThreads } from '#ipctools/processes/blocked';
import { mayUse, type Credentials } from '#ipctools/processes/credentials';
import { MessageQueue, type ProcessSource } from '@timeq/mq-native';
import { freshKey } from '../../helpers/keys.js';

const own = 'ipc:[1]';
const KERNEL_THREAD = 0x0020_0000;
const EXITING = 0x4;

interface FakeThread {
  readonly state?: string;
  readonly flags?: number;
  readonly ipc?: string;
  readonly uid?: number;
}

/** A /proc of processes that may not be looked into, each with its threads. */
function closed(processes: Readonly<Record<string, Readonly<Record<string, FakeThread>>>>): ProcessSource {
  const find = (path: string): FakeThread => {
    const [pid = '', , tid = ''] = path.split('/');
    const thread = processes[pid]?.[tid];
    if (thread === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' });
    return thread;
  };
  return {
    names: (path) => Object.keys(path === '' ? processes : (processes[path.split('/')[0] ?? ''] ?? {})),
    text(path) {
      const { state = 'S', flags = 0, uid = 1001 } = find(path);
      if (path.endsWith('/stat')) return `1 (x) ${state} 1 1 1 0 -1 ${flags} 0\n`;
      if (path.endsWith('/status'))
        return `Uid:\t5\t${uid}\t5\t5\nGid:\t6\t7\t6\t8\nGroups:\t9 10 \nCapEff:\t0000000000000000\n`;
      throw Object.assign(new Error(path), { code: 'EACCES' });
    },
    link(path) {
      const { ipc } = find(path);
      if (ipc === undefined) throw Object.assign(new Error(path), { code: 'EACCES' });
      return ipc;
    },
    has: () => false,
    hasNumber: () => true,
    bootTime: () => 0,
  };
}

const unseenIn = (...processes: Parameters<typeof closed>): readonly number[] =>
  findBlockedThreads(own, closed(...processes)).unseen.map(({ pid }) => pid);

test('a process that may not be looked into may be blocked', () => {
  assert.deepEqual(unseenIn({ 7: { 7: {} } }), [7]);
  assert.deepEqual(unseenIn({ 7: { 7: { ipc: own } } }), [7]);
});

test('a process of which not even the threads show may be blocked', () => {
  const source = closed({ 7: { 7: {} } });
  const names = (path: string): readonly string[] => {
    if (path === '') return ['7', 'self'];
    throw Object.assign(new Error(path), { code: 'EACCES' });
  };
  assert.deepEqual(findBlockedThreads(own, { ...source, names }).unseen, [
    { pid: 7, credentials: [undefined] },
  ]);
});

test('a zombie, a kernel thread and a process of another IPC namespace are not', () => {
  assert.deepEqual(unseenIn({ 7: { 7: { state: 'Z' } } }), []);
  assert.deepEqual(unseenIn({ 7: { 7: { state: 'X' } } }), []);
  assert.deepEqual(
    unseenIn({ 7: { 7: { state: 'R', flags: EXITING } } }),
    [],
    'the kernel has begun to end it',
  );
  assert.deepEqual(unseenIn({ 7: { 7: { flags: KERNEL_THREAD } } }), []);
  assert.deepEqual(unseenIn({ 7: { 7: { ipc: 'ipc:[2]' } } }), []);
});

test('a process whose main thread has ended may be blocked with another one', () => {
  assert.deepEqual(unseenIn({ 7: { 7: { state: 'Z' }, 8: {} } }), [7]);
  assert.deepEqual(unseenIn({ 7: { 7: { state: 'Z' }, 8: { ipc: 'ipc:[2]' } } }), []);
});

test('the credentials of such a process are read from its threads', () => {
  const [process] = findBlockedThreads(own, closed({ 7: { 7: { uid: 1001 } } })).unseen;
  assert.deepEqual(process?.credentials, [{ uid: 1001, gids: [7, 8, 9, 10], ipcOwner: false }]);
});

test('only whom its mode lets in can be blocked in a queue', (t) => {
  const queue = MessageQueue.create(freshKey(t));
  const base = { ...queue.stat(), uid: 1000, creatorUid: 1002, gid: 2000, creatorGid: 2002 };
  const someone: Credentials = { uid: 1001, gids: [1001], ipcOwner: false };
  const may = (credentials: Partial<Credentials>, mode: number): boolean =>
    mayUse({ ...someone, ...credentials }, { ...base, mode });
  assert.equal(may({}, 0o600), false);
  assert.equal(may({ uid: 1000 }, 0o600), true, 'its owner');
  assert.equal(may({ uid: 1002 }, 0o600), true, 'its creator');
  assert.equal(may({ ipcOwner: true }, 0o600), true, 'CAP_IPC_OWNER');
  assert.equal(may({ gids: [2000] }, 0o600), false);
  assert.equal(may({ gids: [2000] }, 0o620), true, 'its group may send');
  assert.equal(may({ gids: [5, 2002] }, 0o640), true, 'the group of its creator may receive');
  assert.equal(may({}, 0o660), false);
  assert.equal(may({}, 0o604), true);
  assert.equal(may({}, 0o602), true);
  assert.equal(may({ gids: [2000] }, 0o606), false, 'the bits of the group count for its members');
  assert.equal(may({ uid: 1000 }, 0o066), false, 'those of the owner for the owner');
  assert.equal(may({ uid: 65_534 }, 0o600), true, 'a user who has no number here may be any user');
  assert.equal(may({ gids: [65_534] }, 0o600), true);
  assert.equal(mayUse(undefined, { ...base, mode: 0o600 }), true, 'what is not known counts as a yes');
});

test('an owner knows who is blocked in a queue of mode 0600 although others can’t be looked at', (t) => {
  const queue = MessageQueue.create(freshKey(t), { mode: 0o600 });
  const look = (credentials: Credentials | undefined, partial = false): unknown[] => {
    const blocked: BlockedThreads = {
      byQueue: new Map(),
      complete: false,
      partial,
      unseen: [{ pid: 7, credentials: [credentials] }],
    };
    const { blocked: threads, unseen } = new EvidenceGatherer(new Facts({ blocked })).gather({
      kind: 'queue',
      entry: queue.stat(),
    });
    return [threads, unseen];
  };
  const other: Credentials = { uid: queue.stat().uid + 1, gids: [54_321], ipcOwner: false };
  assert.deepEqual(look(other), [[], []]);
  assert.deepEqual(look({ ...other, ipcOwner: true }), [undefined, [7]]);
  assert.deepEqual(look(undefined), [undefined, [7]]);
  assert.deepEqual(look(other, true), [undefined, []], 'there may be processes that do not show at all');
  queue.set({ mode: 0o666 });
  assert.deepEqual(look(other), [undefined, [7]]);
});
