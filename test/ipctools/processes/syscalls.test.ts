import assert from 'node:assert/strict';
import test from 'node:test';
import { parseBlockedCall } from '#ipctools/processes/syscalls';

const rest = '0x7ffc0000 0x7f000000';

test('msgrcv is recognised with its queue and type, by the numbers of each architecture', () => {
  for (const [architecture, number] of [
    ['x64', 70],
    ['arm64', 188],
    ['riscv64', 188],
    ['ppc64', 401],
    ['s390x', 401],
  ] as const) {
    const line = `${number} 0x5 0x7ffd1000 0x2000 0x7 0x0 0x0 ${rest}\n`;
    const expected = { call: 'msgrcv', queueId: 5, type: 7n, except: false };
    assert.deepEqual(parseBlockedCall(line, architecture), expected);
  }
});

test('msgsnd is recognised with the size of its body', () => {
  const line = `69 0x18005 0x7ffd1000 0x2000 0x0 0x0 0x0 ${rest}\n`;
  assert.deepEqual(parseBlockedCall(line, 'x64'), { call: 'msgsnd', queueId: 0x18005, bytes: 0x2000 });
});

test('a negative type and MSG_EXCEPT are told', () => {
  const negative = parseBlockedCall(`70 0x5 0x0 0x0 0xfffffffffffffffe 0x0 0x0 ${rest}`, 'x64');
  assert.equal(negative?.type, -2n);
  const except = parseBlockedCall(`70 0x5 0x0 0x0 0x3 0x2000 0x0 ${rest}`, 'x64');
  assert.deepEqual(except, { call: 'msgrcv', queueId: 5, type: 3n, except: true });
});

test('programs of 32 bits are recognised, also through ipc(2)', () => {
  const direct = parseBlockedCall(`401 0x5 0x0 0x0 0xfffffffe 0x0 0x0 ${rest}`, 'x64');
  assert.equal(direct?.type, -2n);
  assert.deepEqual(parseBlockedCall(`117 0xb 0x5 0x64 0x0 0x0 0x0 ${rest}`, 'x64'), {
    call: 'msgsnd',
    queueId: 5,
    bytes: 100,
  });
  assert.deepEqual(parseBlockedCall(`117 0x1000c 0x5 0x64 0x0 0x0 0x0 ${rest}`, 'ia32'), {
    call: 'msgrcv',
    queueId: 5,
  });
});

test('running threads, other calls and unknown architectures are not blocked on queues', () => {
  for (const line of ['running\n', '-1 0x0 0x0\n', `0 0x5 0x0 0x0 0x0 0x0 0x0 ${rest}`, '']) {
    assert.equal(parseBlockedCall(line, 'x64'), undefined);
  }
  assert.equal(parseBlockedCall(`70 0x5 0x0 0x0 0x0 0x0 0x0 ${rest}`, 'pdp11'), undefined);
});
