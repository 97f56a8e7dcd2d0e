import assert from 'node:assert/strict';
import test from 'node:test';
import { parseReply, type ClockSync } from '@timeq/time-protocol';
import { SyncReader } from '#time-server/clock/sync-reader';
import { compileLibrary, preloaded, skipWherePreloaded } from '../helpers/compiled.js';
import { runSnippet } from '../helpers/node.js';

/** A kernel whose clock is as the environment says: what adjtimex returns, its errors in microseconds, TAI's offset. */
const KERNEL = `
#include <stdio.h>
#include <stdlib.h>
#include <sys/timex.h>
int adjtimex(struct timex *clock) {
  int state;
  sscanf(getenv("KERNEL"), "%d %ld %ld %d", &state, &clock->maxerror, &clock->esterror, &clock->tai);
  return state;
}`;

/** Returned by adjtimex(2): all is well, a leap second comes, the mark of an unsynchronised clock is set. */
const [TIME_OK, TIME_INS, TIME_DEL, TIME_ERROR] = [0, 1, 2, 5];

const skip = process.platform === 'linux' ? skipWherePreloaded : 'adjtimex is Linux’s';

test(
  'what the kernel says of the clock is told in nanoseconds, and nothing that it does not know',
  { skip },
  async (t) => {
    const library = compileLibrary(t, KERNEL);
    const source = `import { clockState } from '@timeq/mq-native/libc';
    import { machineClocks } from '#time-server/clock/machine-clocks';
    console.log(JSON.stringify([clockState().synchronised, machineClocks.sync()]));`;
    const told: readonly (readonly [kernel: readonly number[], ClockSync])[] = [
      [
        [TIME_OK, 12_100, 400, 37],
        { synchronised: true, maxErrorNs: 12_100_000, estimatedErrorNs: 400_000, taiOffset: 37 },
      ],
      [[TIME_INS, 1, 0, 0], { synchronised: true, maxErrorNs: 1000, leapSecond: 'insert' }],
      [[TIME_DEL, 0, 0, 0], { synchronised: true, maxErrorNs: 0, leapSecond: 'delete' }],
      // chronyd without rtcsync leaves the mark, and tells the error.
      [
        [TIME_ERROR, 15_999_999, 7, 0],
        { synchronised: true, maxErrorNs: 15_999_999_000, estimatedErrorNs: 7000 },
      ],
      [[TIME_ERROR, 16_000_000, 16_000_000, 0], { synchronised: false }],
    ];
    for (const [kernel, sync] of told) {
      const env = { ...preloaded(library), KERNEL: kernel.join(' ') };
      const { stdout, stderr } = await runSnippet(t, source, [], { env });
      assert.equal(stderr, '');
      assert.deepEqual(JSON.parse(stdout), [sync.synchronised, sync], kernel.join(' '));
    }
  },
);

test('the state of the clock is read once a second, and again when the clock was set back', () => {
  let reads = 0;
  const reader = new SyncReader(() => ({ synchronised: ++reads > 0, taiOffset: reads }));
  const second = 1_000_000_000n;
  const moments = [
    5n * second,
    5n * second + 1n,
    6n * second - 1n,
    6n * second,
    2n * second,
    3n * second - 1n,
    5n * second,
  ];
  assert.deepEqual(
    moments.map((moment) => reader.at(moment)?.taiOffset),
    [1, 1, 1, 2, 3, 3, 4],
  );
});

test('of what another server says of its clock only what is valid is read', () => {
  const read = (sync: object): ClockSync | undefined => {
    const head = { timeq: 1, id: 1, time: '1795165740000000000', received: '1', sent: '2', asctime: 'x' };
    const reply = parseReply(Buffer.from(JSON.stringify({ ...head, sync })));
    return reply?.kind === 'time' ? reply.sync : undefined;
  };
  const whole: ClockSync = {
    ...{ synchronised: true, maxErrorNs: 0, estimatedErrorNs: 1 },
    ...{ leapSecond: 'delete', taiOffset: 37 },
  };
  assert.deepEqual(read(whole), whole);
  assert.deepEqual(read({ synchronised: null, unreadable: 'EPERM' }), {
    synchronised: null,
    unreadable: 'EPERM',
  });
  for (const wrong of ['\u001b[31m', 'EPERM\n', 'perm', 5, `E${'X'.repeat(21)}`])
    assert.deepEqual(read({ synchronised: null, unreadable: wrong }), { synchronised: null }, String(wrong));
  for (const wrong of [-1, 0.5, '7', 2 ** 53, null, true])
    assert.deepEqual(
      read({
        synchronised: true,
        maxErrorNs: wrong,
        estimatedErrorNs: wrong,
        taiOffset: wrong,
        leapSecond: wrong,
      }),
      { synchronised: true },
      String(wrong),
    );
  assert.equal(read({ synchronised: 'yes' }), undefined);
  assert.equal(read({ maxErrorNs: 5 }), undefined);
});
