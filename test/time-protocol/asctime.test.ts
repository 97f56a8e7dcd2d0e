import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import test from 'node:test';
import { asctime, ASCTIME_BYTES, localParts, utcParts } from '@timeq/time-protocol';
import { run } from '../helpers/process.js';
import { skipWithout } from '../helpers/foreign.js';

/** Perl's POSIX::asctime is C's: it gets the fields of a struct tm. */
const C_ASCTIME = 'use POSIX; while (<STDIN>) { print POSIX::asctime(split / /) }';

test('a time of day in a year of four digits is 24 bytes, its day padded with a space', () => {
  const text = asctime({ year: 2026, month: 10, day: 3, hour: 9, minute: 9, second: 0, weekday: 2 });
  assert.equal(text, 'Tue Nov  3 09:09:00 2026');
  assert.equal(Buffer.byteLength(text), ASCTIME_BYTES);
});

test('asctime writes what C writes, at random moments', { skip: skipWithout('perl') }, async (t) => {
  const moments = Array.from({ length: 2000 }, () => randomMoment());
  const parts = moments.map((moment) => utcParts(new Date(moment)));
  await assertAsC(t, parts);
});

test(
  'asctime writes what C writes in years without four digits',
  { skip: skipWithout('perl') },
  async (t) => {
    // More digits do not fit into the 26 bytes that Perl hands to asctime_r.
    const years = [-999, -7, -1, 0, 1, 9, 10, 99, 100, 999, 1000, 9999];
    await assertAsC(
      t,
      years.map((year) => ({ year, month: 0, day: 31, hour: 0, minute: 5, second: 60, weekday: 6 })),
    );
  },
);

test('a year of more than four digits is written in full', () => {
  const time = { month: 0, day: 31, hour: 0, minute: 5, second: 60, weekday: 6 };
  assert.equal(asctime({ ...time, year: 123_456 }), 'Sat Jan 31 00:05:60 123456');
  assert.equal(asctime({ ...time, year: -12_345 }), 'Sat Jan 31 00:05:60 -12345');
});

test(
  'asctime writes question marks for a weekday and a month that there are not, as C does',
  { skip: skipWithout('perl') },
  async (t) => {
    await assertAsC(t, [
      { year: 2026, month: 12, day: 1, hour: 1, minute: 2, second: 3, weekday: 7 },
      { year: 2026, month: -1, day: 1, hour: 1, minute: 2, second: 3, weekday: -1 },
    ]);
  },
);

test('the local parts of a date are those of the zone of the process', () => {
  const date = new Date(2026, 0, 31, 23, 59, 58);
  const expected = { year: 2026, month: 0, day: 31, hour: 23, minute: 59, second: 58, weekday: 6 };
  assert.deepEqual(localParts(date), expected);
});

async function assertAsC(t: test.TestContext, times: Array<Parameters<typeof asctime>[0]>): Promise<void> {
  const input = times
    .map((time) => [
      time.second,
      time.minute,
      time.hour,
      time.day,
      time.month,
      time.year - 1900,
      time.weekday,
      0,
    ])
    .map((fields) => `${fields.join(' ')}\n`)
    .join('');
  const { code, stdout, stderr } = await run(t, 'perl', ['-e', C_ASCTIME], { input });
  assert.equal(code, 0, stderr);
  assert.deepEqual(times.map(asctime), stdout.trimEnd().split('\n'));
}

/** Milliseconds since the epoch, from the year 0 to the year 9999, on a whole second. */
function randomMoment(): number {
  return (randomInt(0, 315_537_897_600) - 62_135_596_800) * 1000;
}
