import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import test from 'node:test';
import { skipWithout } from '../helpers/foreign.js';
import { runSnippet } from '../helpers/node.js';
import { run } from '../helpers/process.js';
import { askClassic, openQueue, ownServer } from './server.js';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/St_Johns',
  'Asia/Kolkata',
  'Pacific/Apia',
  ':Asia/Tokyo',
  '',
  'Nonsense',
  'CET-1CEST,M3.5.0,M10.5.0/3',
  '<+0330>-3:30',
];

const PYTHON = `
import sys, time
for line in sys.stdin:
    print(time.asctime(time.localtime(int(line))))`;

for (const zone of ZONES) {
  test(`local times are C's with TZ="${zone}"`, { skip: skipWithout('python') }, async (t) => {
    // From 1901 to 2106.
    const seconds = Array.from({ length: 500 }, () => randomInt(0, 2 ** 32 + 2 ** 31) - 2 ** 31);
    const options = { env: { TZ: zone }, input: seconds.map((second) => `${second}\n`).join('') };
    const source = `
      import { ctime } from '@timeq/mq-native/libc';
      for (const second of process.argv.slice(1)) console.log(ctime(Number(second)));`;
    const ours = await runSnippet(t, source, seconds, options);
    const theirs = await run(t, '/usr/bin/python3', ['-c', PYTHON], options);
    assert.equal(theirs.code, 0, theirs.stderr);
    assert.equal(ours.stdout, theirs.stdout);
  });
}

test(
  'classic clients are told the time in the zone of the server, in English',
  { skip: skipWithout('python') },
  async (t) => {
    const env = {
      TZ: 'NST3:30NDT,M3.2.0,M11.1.0',
      LC_ALL: 'de_DE.UTF-8',
      LANG: 'de_DE.UTF-8',
      LANGUAGE: 'de',
    };
    const { key } = await ownServer(t, [], { env });
    const before = Math.floor(Date.now() / 1000);
    const reply = await askClassic(openQueue(t, key));
    const seconds = Array.from(
      { length: Math.floor(Date.now() / 1000) - before + 1 },
      (_, later) => before + later,
    );
    const input = seconds.map((second) => `${second}\n`).join('');
    const { stdout } = await run(t, '/usr/bin/python3', ['-c', PYTHON], { env: { TZ: env.TZ }, input });
    assert.ok(stdout.split('\n').includes(reply), `${reply} is none of\n${stdout}`);
  },
);
