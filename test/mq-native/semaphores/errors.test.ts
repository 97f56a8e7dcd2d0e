import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpcError, SemaphoreSet } from '@timeq/mq-native';
import { asNobody, reportCode, skipWithoutNobody } from '../as-nobody.js';
import { privateSet } from './set.js';

test('operations that the kernel refuses are errors with their reason', (t) => {
  const set = privateSet(t);
  set.setValue(0, 32767);
  assert.throws(() => set.tryOperate([{ delta: 1 }]), { code: 'ERANGE', syscall: 'semop', message: /32767/ });
  assert.throws(() => set.tryOperate([{ number: 1, delta: 1 }]), { code: 'EFBIG' });
  assert.throws(() => set.tryOperate([]), { code: 'ERR_OUT_OF_RANGE' });
  for (const delta of [1.5, 32768, -32769])
    assert.throws(() => set.tryOperate([{ delta }]), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => set.tryOperate([{ delta: '1' as unknown as number }]), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
  assert.throws(() => set.tryOperate({ delta: 1 } as unknown as []), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => set.tryOperate([{ delta: 1, undo: 'process' as 'thread' }]), {
    message: "\"undo\" must be true, false or 'thread'; got 'process'",
  });
  const { maxOperations } = SemaphoreSet.limits();
  const many = Array.from({ length: maxOperations + 1 }, () => ({ delta: 0 }));
  assert.throws(
    () => set.tryOperate(many),
    (error) => error instanceof IpcError || error instanceof RangeError,
  );
});

test(
  'a user without permission for a set is told so, and finds it in the list',
  { skip: skipWithoutNobody },
  async (t) => {
    const set = privateSet(t, { count: 2, mode: 0o600 });
    const { stdout, stderr } = await asNobody(
      t,
      `${reportCode}
    const id = Number(process.argv[1]);
    const set = mq.SemaphoreSet.fromId(id);
    report(() => set.value());
    report(() => set.tryOperate([{ delta: 1 }]));
    report(() => set.set({ mode: 0o666 }));
    report(() => set.remove());
    console.log(mq.SemaphoreSet.list().find((entry) => entry.id === id).count);`,
      [set.id],
    );
    assert.equal(stderr, '');
    assert.match(stdout, /^EACCES .*\nEACCES .*\nEPERM .*\nEPERM .*\n2\n$/);
  },
);
