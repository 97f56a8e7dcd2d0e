import assert from 'node:assert/strict';
import test from 'node:test';
import { findBlockedThreads } from '#ipctools/processes/blocked';
import type { ProcessSource } from '@timeq/mq-native';

/** The number of msgrcv. */
const MSGRCV = process.arch === 'x64' ? 70 : 188;

/** A /proc of threads that all wait in the queue of id 5, by process; each with its IPC namespace. */
function waiting(processes: Readonly<Record<string, Readonly<Record<string, string>>>>): ProcessSource {
  return {
    names: (path) => Object.keys(path === '' ? processes : (processes[path.split('/')[0] ?? ''] ?? {})),
    text: (path) =>
      path.endsWith('/syscall') ? `${MSGRCV} 0x5 0x7ffe 0x10 0x0 0x0 0x0 0x7ffe 0x7f00\n` : '',
    link(path) {
      const [pid = '', , tid = ''] = path.split('/');
      return processes[pid]?.[tid] ?? '';
    },
    has: () => true,
    hasNumber: () => true,
    bootTime: () => 0,
  };
}

const inQueue = (...processes: Parameters<typeof waiting>): readonly number[] | undefined =>
  findBlockedThreads('ipc:[1]', waiting(...processes))
    .byQueue.get(5)
    ?.map(({ tid }) => tid);

test('every thread that waits in a queue is told, of one process or of several', () => {
  const own = 'ipc:[1]';
  assert.deepEqual(inQueue({ 7: { 7: own, 8: own }, 9: { 9: own } }), [7, 8, 9]);
});

test('only in the first pid namespace, and with a /proc of its own, is no other process known to wait', () => {
  const isPartial = (pidNamespace: string, status = 'NSpid:\t7\n'): boolean => {
    const source = waiting({});
    return findBlockedThreads('ipc:[1]', {
      ...source,
      text: (path) => (path === 'self/status' ? `Uid:\t0\n${status}` : 'Uid:\t1\n'),
      link: (path) => (path === 'self/ns/pid' ? pidNamespace : source.link(path)),
    }).partial;
  };
  assert.equal(isPartial('pid:[4026531836]'), false);
  assert.equal(isPartial('pid:[4026532000]'), true, 'a container');
  assert.equal(isPartial('pid:[4026531836]', 'NSpid:\t7\t1\n'), true, "another namespace's /proc");
});

test('a thread that waits in a queue of the same id in another IPC namespace does not wait in this one', () => {
  assert.equal(inQueue({ 7: { 7: 'ipc:[2]' } }), undefined);
  assert.deepEqual(inQueue({ 7: { 7: 'ipc:[2]', 8: 'ipc:[1]' } }), [8], 'each thread has its own');
});
