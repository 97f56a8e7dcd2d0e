import assert from 'node:assert/strict';
import test from 'node:test';
import { ftok, wallClock } from '@timeq/mq-native';
import { atEnd } from '../helpers/cleanup.js';
import { temporaryFolder } from '../helpers/folder.js';
import { queueAt } from '../helpers/kernel-table.js';
import { bin, runNode } from '../helpers/node.js';
import { removeAllAt } from '../helpers/tracking.js';
import { ASCTIME, ownServer, startServer, timeClient } from './support.js';

test('now prints the time in one line of C’s asctime, and leaves nothing in the queue', async (t) => {
  const { key } = await ownServer(t);
  const { code, stdout, stderr } = await timeClient(t, key, ['now']);
  assert.deepEqual([stderr, code], ['', 0]);
  assert.equal(stdout.at(-1), '\n');
  assert.match(stdout.trimEnd(), ASCTIME);
  assert.equal(queueAt(key)?.['qnum'], 0);
});

test('without a verb and without a terminal it is now', async (t) => {
  const { key } = await ownServer(t);
  const { code, stdout } = await timeClient(t, key, []);
  assert.equal(code, 0);
  assert.match(stdout.trimEnd(), ASCTIME);
});

test('eight clients at once are all answered', async (t) => {
  const { key } = await ownServer(t);
  const exits = await Promise.all(Array.from({ length: 8 }, () => timeClient(t, key, ['now'])));
  for (const { code, stdout, stderr } of exits) {
    assert.deepEqual([stderr, code], ['', 0]);
    assert.match(stdout.trimEnd(), ASCTIME);
  }
  assert.equal(queueAt(key)?.['qnum'], 0);
});

test('the zone of asctime is the server’s, unless --zone asks for another', async (t) => {
  const { key } = await ownServer(t, [], { TZ: 'Asia/Kathmandu' });
  const minutesEast = async (commandLine: string[], TZ: string): Promise<number> => {
    const { stdout } = await timeClient(t, key, commandLine, { TZ });
    // Zones lie quarters of an hour apart, so what the run itself took does not matter.
    return 15 * Math.round((Date.parse(`${stdout.trimEnd()} UTC`) - Date.now()) / 900_000);
  };
  assert.equal(await minutesEast(['now'], 'UTC'), 345);
  assert.equal(await minutesEast(['now', '--format', 'asctime'], 'Asia/Tokyo'), 345);
  assert.equal(await minutesEast(['now', '--zone', 'Asia/Tokyo'], 'UTC'), 540);
  assert.equal(await minutesEast(['now', '--zone', 'local'], 'Asia/Kolkata'), 330);
});

test('the other formats are in the client’s zone, or in that of --zone', async (t) => {
  const { key } = await ownServer(t);
  const say = async (...commandLine: string[]): Promise<string> => {
    const { code, stdout, stderr } = await timeClient(t, key, ['now', ...commandLine], {
      TZ: 'Asia/Kolkata',
    });
    assert.deepEqual([stderr, code], ['', 0]);
    return stdout.trimEnd();
  };
  assert.match(await say('--format', 'iso'), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}\+05:30$/);
  assert.match(await say('--format', 'iso', '--zone', 'UTC'), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
  assert.match(await say('--format', 'unix'), /^\d{10}$/);
  assert.match(await say('--format', 'unix-ns'), /^\d{19}$/);
  assert.equal(await say('--format', '+%Z %z'), 'IST +0530');
  assert.equal(await say('--format', '+%Z %:z', '--zone', 'Asia/Tokyo'), 'JST +09:00');
});

test('--json tells the time in every form, and what the server and the client clocked', async (t) => {
  const { key } = await ownServer(t);
  const before = wallClock();
  const { code, stdout } = await timeClient(t, key, [
    '--json',
    '--zone',
    'Europe/Berlin',
    '--format',
    '+%%%Y',
  ]);
  const after = wallClock();
  assert.equal(code, 0);
  const answer = JSON.parse(stdout) as Record<string, unknown>;
  const ns = BigInt(String(answer['unixNs']));
  assert.ok(before <= ns && ns <= after);
  assert.equal(answer['unix'], Number(ns / 1_000_000_000n));
  assert.equal(BigInt(Date.parse(String(answer['time']))), ns / 1_000_000n);
  assert.equal(answer['zone'], 'Europe/Berlin');
  assert.equal(answer['precision'], 'nanosecond');
  assert.match(String(answer['asctime']), ASCTIME);
  assert.match(String(answer['text']), /^%\d{4}$/);
  assert.equal(answer['key'], `0x${key.toString(16).padStart(8, '0')}`);
  assert.equal(answer['dialect'], 'addressed');
  assert.ok(BigInt(String(answer['receivedNs'])) <= BigInt(String(answer['sentNs'])));
  assert.ok(Number(answer['roundTripNs']) > 0);
});

test('the key can be made of a file and a project id', async (t) => {
  const folder = temporaryFolder(t);
  const key = ftok(folder, 42);
  // A file of its own makes a key of its own, so whatever will be there is this test's.
  assert.equal(queueAt(key), undefined);
  atEnd(t, () => removeAllAt(key));
  await startServer(t, key);
  const where = ['--path', folder, '--project-id', '42'];
  for (const commandLine of [
    ['now', ...where],
    [...where, 'now'],
  ]) {
    const { code, stderr } = await runNode(t, [bin('time-client'), '--timeout', '1m', ...commandLine]);
    assert.deepEqual([stderr, code], ['', 0]);
  }
});
