import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import test from 'node:test';
import { runSnippet } from '../../helpers/node.js';
import { momentWriter, namedZone } from '@timeq/time-client';

const flagged = ['', '-', '_', '0'].flatMap((flag) =>
  'CdegGHIjklmMqSUVWy'.split('').map((letter) => `%${flag}${letter}`),
);
const plain = 'aAbBcDFhnpPrRsTtuwxXYZz%'.split('').map((letter) => `%${letter}`);
const others = ['%:z', '%N', '%1N', '%3N', '%6N', '%9N', '%%N', '%%%Y', 'no conversion', ''];
const cased = ['%^a', '%#A', '%^b', '%#p', '%^p', '%#Z', '%^Z', '%#h', '%_^#B'];
const wide = [
  '%10a',
  '%012B',
  '%_12p',
  '%-9A',
  '%5d',
  '%_5d',
  '%05e',
  '%-5H',
  '%10s',
  '%_10Y',
  '%4q',
  '%12Z',
];
const together = ['%:z %z', '%z %:z %z', '%::z %z', '%^a %a', '%_d %d', '%3N %N'];
const PATTERNS = [...flagged, ...plain, ...others, ...cased, ...wide, ...together];

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

/** As POSIX writes them: with rules, with the usual ones, without summer, and in the south. */
const POSIX_ZONES = [
  'CET-1CEST,M3.5.0,M10.5.0/3',
  'CET-1CEST',
  'EST5EDT',
  'JST-9',
  '<+0330>-3:30',
  'NZST-12NZDT,M9.5.0,M4.1.0/3',
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

/** What date(1) writes, one piece for each pattern. */
function fromDate(zone: string, moment: string): string[] {
  const pattern = PATTERNS.join('\u001f');
  const text = execFileSync('date', ['--date', moment.replace('Z', '.123456789Z'), `+${pattern}`], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', TZ: zone },
  });
  return text.slice(0, -1).split('\u001f');
}

const skip = String(spawnSync('date', ['--version']).stdout).includes('GNU') ? false : 'no GNU date';

for (const zone of ZONES) {
  test(`strftime patterns in ${zone} are written as date(1) writes them`, { skip }, async () => {
    for (const moment of MOMENTS) {
      const ns = BigInt(Date.parse(moment)) * 1_000_000n + 123_456_789n;
      const expected = fromDate(zone, moment);
      for (const [index, pattern] of PATTERNS.entries()) {
        const known = namedZone(zone);
        assert.ok(known !== undefined);
        const write = await momentWriter(`+${pattern}`, known);
        assert.equal(write(ns), expected[index], `${pattern} of ${moment}`);
      }
    }
  });
}

test('the zone of the process does not leak into that of the pattern', { skip }, async (t) => {
  // In this hour New York's clocks jump: a local hour of two does not exist there.
  const source = `import { momentWriter, namedZone } from '@timeq/time-client';
    const write = await momentWriter('+%c %Z', namedZone('UTC'));
    console.log(write(BigInt(Date.parse('2026-03-08T02:30:00Z')) * 1000000n));`;
  const { stdout, stderr } = await runSnippet(t, source, [], { env: { TZ: 'America/New_York' } });
  assert.equal(stderr, '');
  assert.equal(stdout, 'Sun Mar  8 02:30:00 2026 UTC\n');
});

for (const zone of POSIX_ZONES) {
  test(`with TZ=${zone} the local zone is the one that date(1) takes it for`, { skip }, async (t) => {
    const pattern = '%c %z %Z %s';
    const source = `import { localZone, momentWriter, parseAsctime } from '@timeq/time-client';
      const write = await momentWriter('+${pattern}', localZone());
      for (const moment of process.argv.slice(1)) {
        const ns = BigInt(Date.parse(moment)) * 1000000n;
        console.log(write(ns));
        const shown = (await momentWriter('asctime', localZone()))(ns);
        const again = parseAsctime(shown);
        // In the hour that is shown twice, it may be the other one.
        if (again !== ns && again !== ns - 3600000000000n) console.log('read as', again);
      }`;
    const options = { env: { TZ: zone, LC_ALL: 'C' } };
    const { stdout, stderr } = await runSnippet(t, source, MOMENTS, options);
    assert.equal(stderr, '');
    const expected = MOMENTS.map((moment) =>
      execFileSync('date', ['--date', moment, `+${pattern}`], {
        encoding: 'utf8',
        env: { ...process.env, ...options.env },
      }),
    );
    assert.equal(stdout, expected.join(''));
  });
}

test('a pattern of several conversions says nothing on standard error, and refuses what it does not know', async (t) => {
  const source = `import { momentWriter, namedZone } from '@timeq/time-client';
    const write = await momentWriter('+%:z %z %E %', namedZone('UTC')).catch((error) => String(error));
    console.log(write, (await momentWriter('+%:z %z', namedZone('Asia/Kolkata')))(0n));`;
  const { stdout, stderr } = await runSnippet(t, source);
  assert.equal(stderr, '');
  assert.equal(stdout, 'RangeError: %E  is no conversion of strftime +05:30 +0530\n');
});
