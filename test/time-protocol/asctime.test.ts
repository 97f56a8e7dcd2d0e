import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import test from 'node:test';
import { asctime, ASCTIME_BYTES } from '@timeq/time-protocol';
import { run } from '../helpers/process.js';
import { skipWithout } from '../helpers/foreign.js';

/** Perl's POSIX::asctime is C's: it gets the fields of a struct tm. */
const C_ASCTIME = 'use POSIX; while (<STDIN>) { print POSIX::asctime(split / /) }';

test('a time of day in a year of four digits is 24 bytes, its day padded with a space', () => {
  const text = asctime(new Date('2026-11-03T09:09:00Z'));
  assert.equal(text, 'Tue Nov  3 09:09:00 2026');
  assert.equal(Buffer.byteLength(text), ASCTIME_BYTES);
});

test('asctime writes what C writes, at random moments', { skip: skipWithout('perl') }, async (t) => {
  await assertAsC(
    t,
    Array.from({ length: 2000 }, () => randomDate()),
  );
});

test(
  'asctime writes what C writes in years without four digits',
  { skip: skipWithout('perl') },
  async (t) => {
    // More digits do not fit into the 26 bytes that Perl hands to asctime_r.
    const years = [-999, -7, -1, 0, 1, 9, 10, 99, 100, 999, 1000, 9999];
    await assertAsC(t, years.map(newYearsEve));
  },
);

test('a year of more than four digits is written in full', () => {
  assert.equal(asctime(newYearsEve(123_456)), 'Wed Dec 31 00:05:06 123456');
  assert.equal(asctime(newYearsEve(-12_345)), 'Fri Dec 31 00:05:06 -12345');
});

function newYearsEve(year: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, 11, 31);
  date.setUTCHours(0, 5, 6);
  return date;
}

async function assertAsC(t: test.TestContext, dates: readonly Date[]): Promise<void> {
  const input = dates
    .map((date) => [
      date.getUTCSeconds(),
      date.getUTCMinutes(),
      date.getUTCHours(),
      date.getUTCDate(),
      date.getUTCMonth(),
      date.getUTCFullYear() - 1900,
      date.getUTCDay(),
      0,
    ])
    .map((fields) => `${fields.join(' ')}\n`)
    .join('');
  const { code, stdout, stderr } = await run(t, 'perl', ['-e', C_ASCTIME], { input });
  assert.equal(code, 0, stderr);
  assert.deepEqual(dates.map(asctime), stdout.trimEnd().split('\n'));
}

/** A whole second of the years 0 to 9999. */
function randomDate(): Date {
  return new Date((randomInt(0, 315_537_897_600) - 62_135_596_800) * 1000);
}
