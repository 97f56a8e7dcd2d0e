import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import test from 'node:test';
import { isTimeZone } from '@timeq/mq-native/libc';
import { freshKey } from '../helpers/keys.js';
import { bin, startNode } from '../helpers/node.js';
import { ownServer, timeClient } from '../time-client/support.js';

const skip = existsSync('/usr/share/zoneinfo/Europe/Berlin') ? false : 'no zone files (tzdata) here';

test('every form of TZ that the C library knows is understood', { skip }, () => {
  const known = [
    '',
    ':',
    'UTC',
    'Europe/Berlin',
    ':Europe/Berlin',
    '/usr/share/zoneinfo/Europe/Berlin',
    'CET-1CEST',
  ];
  known.push('<+0330>-3:30', 'EST5EDT', 'UTC+3', 'NZST-12NZDT,M9.5.0,M4.1.0/3');
  for (const zone of known) assert.ok(isTimeZone(zone), zone);
});

test('a TZ that is not understood is told, and is not taken for UTC without a word', async (t) => {
  for (const zone of ['Nowhere/City', 'garbage!', '../../etc/passwd', '/etc/passwd', '+1'])
    assert.ok(!isTimeZone(zone), zone);
  const { key, server } = await ownServer(t, [], { TZ: 'Nowhere/City' });
  assert.match(server.stderr, /^time-server: warning: the environment variable TZ is 'Nowhere\/City'/);
  const told = await timeClient(t, key, ['now', '--format', '+%H %Z'], { TZ: 'Nowhere\u001b[2J' });
  assert.equal(told.code, 0);
  assert.match(
    told.stderr,
    /^time-client: the environment variable TZ is 'Nowhere\\x1b\[2J', which names no/,
  );
  for (const verb of [['status'], ['now', '--zone', 'local']]) {
    const { stderr } = await timeClient(t, key, verb, { TZ: 'Nowhere/City' });
    assert.match(stderr, /names no time zone of this machine: local times are in UTC; write it as/, verb[0]);
  }
  const { stdout } = await timeClient(t, key, ['now', '--json'], { TZ: 'Nowhere/City' });
  assert.equal((JSON.parse(stdout) as { zone: string }).zone, 'UTC');
  // The server's own words need no zone.
  assert.equal((await timeClient(t, key, ['now'], { TZ: 'Nowhere/City' })).stderr, '');
});

test('time-client and time-server tell the time of a zone as POSIX writes it', async (t) => {
  const key = freshKey(t);
  const server = startNode(t, [bin('time-server'), '--key', String(key)], { env: { TZ: 'JST-9' } });
  await server.waitFor('listening');
  const shown = await timeClient(t, key, ['now', '--json', '--format', '+%:z %Z'], { TZ: 'JST-9' });
  const answer = JSON.parse(shown.stdout) as { time: string; zone: string; text: string; asctime: string };
  assert.deepEqual([answer.zone, answer.text], ['JST-9', '+09:00 JST']);
  assert.match(answer.time, /\+09:00$/);
  assert.equal(answer.asctime.slice(11, 19), answer.time.slice(11, 19));
  assert.equal(shown.stderr, '');
});
