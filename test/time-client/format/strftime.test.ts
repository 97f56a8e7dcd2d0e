import assert from 'node:assert/strict';
import test from 'node:test';
import { momentWriter, namedZone } from '@timeq/time-client';
import { runSnippet } from '../../helpers/node.js';
import { skipWithoutGnuDate as skip, textsOfDate, textsOfOurs } from './date.js';

const LETTERS = [':z', '::z', ':::z'].concat('aAbBcCdDeFgGhHIjklmMnNpPqrRsStTuUVwWxXyYzZ'.split(''));
const FLAGS = ['', '-', '_', '0', '+', '^', '#', '-_', '_0', '0^', '_#', '+^', '^#', '-#'];
const WIDTHS = ['', '1', '2', '3', '5', '9', '12'];

/** Whole, half and quarter hours; south and north; the date line; negative daylight saving time; no letters. */
const ZONES = [
  'UTC',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Europe/Berlin',
  'Europe/Dublin',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Tokyo',
  'Asia/Singapore',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
];

const MOMENTS = [
  '2026-11-20T09:09:00Z',
  '2026-01-01T00:00:00Z',
  '2026-12-31T23:59:59Z',
  '2024-02-29T12:00:00Z',
  '2026-03-29T00:59:59Z',
  '2026-03-29T01:00:00Z',
  '2026-10-25T00:59:59Z',
  '2026-10-25T01:00:00Z',
  '2026-03-08T06:59:59Z',
  '2026-03-08T07:00:00Z',
  '2026-11-01T05:59:59Z',
  '2026-11-01T06:00:00Z',
  '2026-04-04T15:00:00Z',
  '2027-01-03T03:04:05Z',
  '2020-12-28T00:00:00Z',
  '2034-07-01T13:00:00Z',
];

for (const zone of ['UTC', 'America/St_Johns', 'XYZ-1:23:45', '<-00>0:30']) {
  test(`each conversion with each flag and width is as date(1) writes it in ${zone}`, { skip }, async (t) => {
    const patterns = LETTERS.flatMap((letter) =>
      FLAGS.flatMap((flags) => WIDTHS.map((width) => `%${flags}${width}${letter}`)),
    );
    const moments = MOMENTS.map((moment) => `${Date.parse(moment) / 1000}.120456000`);
    moments.push('1230768000.5', '1104537599.000000001', '-1.5', '-2208988801.75', '0');
    patterns.push('%%', '%%N', '%%%Y', '100 %% of %Y', 'no conversion', '');
    // %-N is special, and date(1) knows it by these three letters.
    patterns.splice(patterns.indexOf('%-#N'), 1);
    const theirs = await textsOfDate(t, zone, moments, patterns);
    const ours = await textsOfOurs(t, zone, moments, patterns);
    for (const [row, moment] of moments.entries()) {
      for (const [column, pattern] of patterns.entries())
        assert.equal(ours[row]?.[column], theirs[row]?.[column], `${pattern} of ${moment}`);
    }
  });
}

test('E and O stand where date(1) takes them, and are refused where it does not', { skip }, async (t) => {
  const patterns = LETTERS.flatMap((letter) => ['E', 'O'].map((modifier) => `%${modifier}${letter}`));
  const [theirs = []] = await textsOfDate(t, 'UTC', ['1795165740'], patterns);
  const isTaken = (_: string, index: number): boolean => !/^%[EO]/.test(theirs[index] ?? '');
  const taken = patterns.filter(isTaken);
  assert.ok(taken.length > 20 && taken.length < patterns.length);
  const [ours = []] = await textsOfOurs(t, 'UTC', ['1795165740'], taken);
  assert.deepEqual(ours, theirs.filter(isTaken));
  const zone = namedZone('UTC');
  assert.ok(zone !== undefined);
  for (const pattern of patterns.filter((each) => !taken.includes(each)))
    await assert.rejects(momentWriter(`+${pattern}`, zone), RangeError, pattern);
});

test('a percent sign takes neither flags nor a width', { skip }, async (t) => {
  const patterns = ['%-%', '%^%', '%E%'];
  // date(1) writes what is no conversion as it stands.
  assert.deepEqual(await textsOfDate(t, 'UTC', ['0'], patterns), [patterns]);
  const zone = namedZone('UTC');
  assert.ok(zone !== undefined);
  for (const pattern of [...patterns, '%5%'])
    await assert.rejects(momentWriter(`+${pattern}`, zone), RangeError, pattern);
});

test('an offset of zero that is not known is negative, as date(1) writes it', { skip }, async (t) => {
  const patterns = ['%z', '%:z', '%::z', '%:::z', '%Z'];
  const ours = await textsOfOurs(t, '<-00>0', ['0'], patterns);
  assert.deepEqual(ours, [['-0000', '-00:00', '-00:00:00', '-00', '-00']]);
  assert.deepEqual(await textsOfDate(t, '<-00>0', ['0'], patterns), ours);
});

for (const zone of ZONES) {
  test(`--zone ${zone} is the zone that date(1) takes it for`, { skip }, async (t) => {
    const moments = MOMENTS.map((moment) => String(Date.parse(moment) / 1000));
    const known = namedZone(zone);
    assert.ok(known !== undefined);
    const patterns = ['%c', '%z', '%Z', '%G-W%V-%u', '%s', 'no conversion', ''];
    const writers = await Promise.all(patterns.map((pattern) => momentWriter(`+${pattern}`, known)));
    const ours = moments.map((moment) => writers.map((write) => write(BigInt(moment) * 1_000_000_000n)));
    assert.deepEqual(ours, await textsOfDate(t, zone, moments, patterns));
  });
}

test('the zone of the process does not leak into that of the pattern', { skip }, async (t) => {
  // In this hour New York's clocks jump: a local hour of two does not exist there.
  const source = `import { momentWriter, namedZone } from '@timeq/time-client';
    const write = await momentWriter('+%c %Z', namedZone('UTC'));
    console.log(write(BigInt(Date.parse('2026-03-08T02:30:00Z')) * 1000000n));`;
  const { stdout, stderr } = await runSnippet(t, source, [], { env: { TZ: 'America/New_York' } });
  assert.deepEqual([stderr, stdout], ['', 'Sun Mar  8 02:30:00 2026 UTC\n']);
});

test('a pattern of several conversions says nothing on standard error, and refuses what it does not know', async (t) => {
  const source = `import { momentWriter, namedZone } from '@timeq/time-client';
    const write = await momentWriter('+%:z %z %E %', namedZone('UTC')).catch((error) => String(error));
    console.log(write, (await momentWriter('+%:z %z', namedZone('Asia/Kolkata')))(0n));`;
  const { stdout, stderr } = await runSnippet(t, source);
  assert.deepEqual([stderr, stdout], ['', 'RangeError: %E  is not a conversion of strftime +05:30 +0530\n']);
});
