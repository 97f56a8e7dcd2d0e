import assert from 'node:assert/strict';
import test from 'node:test';
import { localZone, momentWriter, namedZone, parseAsctime, type Format, type Zone } from '@timeq/time-client';
import { runSnippet } from '../../helpers/node.js';

const NS = 1_795_165_740_123_456_789n;

function zone(name: string): Zone {
  const found = namedZone(name);
  assert.ok(found !== undefined, name);
  return found;
}

async function write(format: Format, name: string, ns = NS): Promise<string> {
  return (await momentWriter(format, zone(name)))(ns);
}

test('the named formats keep every nanosecond', async () => {
  assert.equal(await write('asctime', 'UTC'), 'Fri Nov 20 09:09:00 2026');
  assert.equal(await write('iso', 'UTC'), '2026-11-20T09:09:00.123456789Z');
  assert.equal(await write('iso', 'UTC', 1n), '1970-01-01T00:00:00.000000001Z');
  assert.equal(await write('unix', 'UTC'), '1795165740');
  assert.equal(await write('unix-ns', 'UTC'), '1795165740123456789');
});

test('the named formats are right in other zones, and before 1970', async () => {
  assert.equal(await write('asctime', 'Asia/Kathmandu'), 'Fri Nov 20 14:54:00 2026');
  assert.equal(await write('iso', 'America/St_Johns'), '2026-11-20T05:39:00.123456789-03:30');
  assert.equal(await write('iso', 'UTC', -1n), '1969-12-31T23:59:59.999999999Z');
  assert.equal(await write('asctime', 'UTC', -1n), 'Wed Dec 31 23:59:59 1969');
  assert.equal(await write('unix', 'UTC', -1n), '-1');
  assert.equal(await write('unix-ns', 'UTC', -1n), '-1');
});

test('daylight saving time begins and ends to the second', () => {
  const berlin = zone('Europe/Berlin');
  const at = (text: string): number => berlin.offsetSeconds(Date.parse(text) / 1000);
  assert.deepEqual([at('2026-03-29T00:59:59Z'), at('2026-03-29T01:00:00Z')], [3600, 7200]);
  assert.deepEqual([at('2026-10-25T00:59:59Z'), at('2026-10-25T01:00:00Z')], [7200, 3600]);
});

test('an unknown zone is undefined', () => {
  assert.equal(namedZone('Mars/Olympus_Mons'), undefined);
  assert.equal(namedZone(''), undefined);
});

test('the local zone is that of TZ', async (t) => {
  const source = `import { localZone } from '@timeq/time-client';
    const zone = localZone();
    console.log(zone.name, zone.offsetSeconds(Date.parse('2026-07-01T00:00:00Z') / 1000));`;
  for (const [TZ, said] of [
    ['Europe/Berlin', 'Europe/Berlin 7200\n'],
    [':Asia/Kolkata', 'Asia/Kolkata 19800\n'],
    ['UTC', 'UTC 0\n'],
  ] as const) {
    assert.equal((await runSnippet(t, source, [], { env: { TZ } })).stdout, said);
  }
});

test('asctime text is read back as local time', () => {
  const date = new Date(2026, 10, 20, 9, 9, 0);
  assert.equal(parseAsctime('Fri Nov 20 09:09:00 2026'), BigInt(date.getTime()) * 1_000_000n);
  assert.equal(
    parseAsctime('Sun Jan  4 03:05:07 2026'),
    BigInt(new Date(2026, 0, 4, 3, 5, 7).getTime()) * 1_000_000n,
  );
  assert.notEqual(localZone().name, '');
});

test('text that is no asctime is not read', () => {
  for (const text of [
    '',
    'noon',
    'Fri Nov 31 09:09:00 2026',
    'Fri Foo 20 09:09:00 2026',
    'Fri Nov 20 09:09:00 2026 CET',
  ]) {
    assert.equal(parseAsctime(text), undefined, text);
  }
});
