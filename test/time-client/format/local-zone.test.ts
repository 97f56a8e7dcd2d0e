import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import test from 'node:test';
import { isTimeZone } from '@timeq/mq-native/libc';
import { runSnippet } from '../../helpers/node.js';
import { skipWithoutGnuDate, textsOfDate, textsOfOurs } from './date.js';

const skip = existsSync('/usr/share/zoneinfo/Europe/Berlin')
  ? skipWithoutGnuDate
  : 'no zone files (tzdata) here';

/** North and south, old rules, half hours, the date line, summer time below standard time, no letters. */
const NAMES = [
  'UTC',
  'Africa/Casablanca',
  'America/Caracas',
  'America/New_York',
  'America/Nuuk',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Antarctica/Troll',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Pyongyang',
  'Asia/Tehran',
  'Asia/Tokyo',
  'Australia/Lord_Howe',
  'Europe/Berlin',
  'Europe/Dublin',
  'Europe/Lisbon',
  'Europe/Moscow',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'EST5EDT',
];
const PATHS = [
  ':Europe/Paris',
  ':/usr/share/zoneinfo/Asia/Tokyo',
  '/usr/share/zoneinfo/America/Denver',
  '',
  ':',
];
const RULES = [
  'CET-1CEST,M3.5.0,M10.5.0/3',
  'CET-1CEST',
  'EST5EDT,M3.2.0,M11.1.0',
  'EST+5EDT,M3.2.0/2,M11.1.0/2',
  'JST-9',
  '<+0330>-3:30',
  '<-03>3<-02>,M3.5.0/-2,M10.5.0/-1',
  'NZST-12NZDT,M9.5.0,M4.1.0/3',
  'IST-1GMT0,M10.5.0,M3.5.0/1',
  'AAA4BBB,J60/0,J300/23:30',
  'AAA-4:15:30BBB-5:45,59/1:15,299/2',
  'XYZ-1:23:45',
  'EET-2EEST,M3.4.4/50,M10.4.4/50',
  ':CET-1CEST,M3.5.0,M10.5.0/3',
  'UTC0',
];

/** From 1901 to 2106, and a second before and after each change of 2026. */
function moments(): string[] {
  const any = Array.from({ length: 1000 }, () => randomInt(0, 2 ** 32 + 2 ** 31) - 2 ** 31);
  const changes = ['2026-03-08T07:00Z', '2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-11-01T06:00Z'];
  const around = changes.flatMap((change) => [Date.parse(change) / 1000 - 1, Date.parse(change) / 1000]);
  return [...any, ...around].map(String);
}

for (const zone of [...NAMES, ...PATHS, ...RULES]) {
  test(`with TZ='${zone}' a thousand moments are shown as date(1) shows them`, { skip }, async (t) => {
    const patterns = ['%Y-%m-%d %H:%M:%S', '%::z', '%Z', '%a %j %s'];
    const seconds = moments();
    assert.ok(isTimeZone(zone));
    const ours = await textsOfOurs(t, zone, seconds, patterns);
    const theirs = await textsOfDate(t, zone, seconds, patterns);
    for (const [row, second] of seconds.entries()) assert.deepEqual(ours[row], theirs[row], second);
  });
}

test(
  'a TZ that date(1) takes for UTC, and that means something else, is no time zone',
  { skip },
  async (t) => {
    const wrong = [
      'Nowhere/City',
      'garbage!',
      'CE-1',
      '-1',
      '<CET-1',
      '/etc/passwd',
      '../../etc/passwd',
      'Europe/Berlin ',
    ];
    for (const zone of wrong) {
      assert.deepEqual(await textsOfDate(t, zone, ['1780000000'], ['%z']), [['+0000']], zone);
      assert.ok(!isTimeZone(zone), zone);
    }
  },
);

test('asctime text is read back in a zone as POSIX writes it', async (t) => {
  const source = `import { localZone, momentWriter, parseAsctime } from '@timeq/time-client';
    const write = await momentWriter('asctime', localZone());
    for (const second of process.argv.slice(1)) {
      const ns = BigInt(second) * 1000000000n;
      const again = parseAsctime(write(ns));
      // In the hour that is shown twice, it may be the other one.
      if (again !== ns && again !== ns - 3600000000000n) console.log(second, 'read as', again);
    }`;
  for (const zone of ['CET-1CEST,M3.5.0,M10.5.0/3', 'NZST-12NZDT,M9.5.0,M4.1.0/3', 'JST-9']) {
    const { stdout, stderr } = await runSnippet(t, source, moments(), { env: { TZ: zone } });
    assert.equal(stderr + stdout, '', zone);
  }
});
