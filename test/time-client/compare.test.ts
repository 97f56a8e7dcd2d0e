import assert from 'node:assert/strict';
import test from 'node:test';
import { offsetText } from '#time-client/cli/render/clock-offset';
import { formatKey } from '@timeq/mq-native';
import { skipWithout } from '../helpers/foreign.js';
import { freshKey } from '../helpers/keys.js';
import { bin, runNode } from '../helpers/node.js';
import { ownServer, startClassicServer, startServer, timeClient } from './support.js';

interface Row {
  readonly id: string;
  readonly pid: number | null;
  readonly offsetNs: number | null;
  readonly errorNs: number | null;
  readonly delayNs: number | null;
  readonly clock?: string;
  readonly missing?: string;
}

const HOUR = 3600e9;

test('compare --key finds out the exact offset of each clock, to within half of the delay', async (t) => {
  const keys = [freshKey(t), freshKey(t), freshKey(t)];
  const clocks = [
    ['machine', 0],
    ['offset:+1h30m', 1.5 * HOUR],
    ['offset:-2.5s', -2.5e9],
  ] as const;
  const pids: number[] = [];
  for (const [index, [clock]] of clocks.entries())
    pids.push((await startServer(t, keys[index] ?? 0, ['--clock', clock])).pid);
  const command = [bin('time-client'), 'compare', '--key', keys.join(',')];
  const { code, stdout, stderr } = await runNode(t, [...command, '--json']);
  assert.deepEqual([code, stderr], [0, '']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  assert.deepEqual(
    rows.map(({ id, pid }) => [id, pid]),
    keys.map((key, index) => [formatKey(key), pids[index]]),
  );
  for (const [index, [name, exact]] of clocks.entries()) {
    const { offsetNs, errorNs, delayNs, clock } = rows[index] ?? assert.fail();
    assert.ok(offsetNs !== null && errorNs !== null && delayNs !== null);
    assert.ok(Math.abs(offsetNs - exact) <= errorNs, stdout);
    assert.equal(errorNs, Math.ceil(delayNs / 2));
    assert.equal(clock, name === 'machine' ? undefined : name);
  }
  const text = await runNode(t, command, { env: { LC_ALL: 'C.UTF-8' } });
  assert.match(
    text.stdout,
    /^0x\w+ {2}\S+, pid \d+ +[+-][\d.]+ \S+ ± [\d.]+ \S+\n0x.* \+5(?:400|399)(?:\.\d+)? s ± .* \(clock offset:\+1h30m\)\n0x.* -2\.\d+ s ± .*\n$/,
  );
});

test('an offset has no digit below the first one of what it may be wrong by', () => {
  const terminal = { unicode: false } as Parameters<typeof offsetText>[1];
  const shown = (offsetNs: bigint, delayNs: bigint): string => offsetText({ offsetNs, delayNs }, terminal);
  assert.equal(shown(-100n, 60_000n), shown(100n, 60_000n), 'nothing is behind nor ahead');
  assert.equal(shown(5_400_000_012_345n, 24_000n), '+5400.00001 s +/- 12.0 us');
  assert.equal(shown(-5_400_000_017_000n, 240_000n), '-5400.0000 s +/- 120 us');
  assert.equal(shown(3_210n, 82_000n), '+0 us +/- 41.0 us');
  assert.equal(shown(-54_321n, 2_400n), '-54 us +/- 1.20 us');
  assert.equal(shown(1_999_999n, 24_000n), '+2.00 ms +/- 12.0 us');
  assert.equal(shown(7n, 0n), '+7 ns +/- 1.00 ns');
  assert.equal(shown(4n, 2_000_000_000n), '+0 s +/- 1.00 s');
});

test('a clock that goes faster than this one has no offset, and none is claimed', async (t) => {
  const { key } = await ownServer(t, ['--clock', 'rate:1000000']);
  const { code, stdout } = await runNode(t, [bin('time-client'), 'compare', '--key', String(key), '--json']);
  const { offsetNs, missing } = JSON.parse(stdout) as Row;
  assert.deepEqual([code, offsetNs, missing], [0, null, 'other-pace']);
});

test('a key without a server is told, and the others are compared', async (t) => {
  const [key, none] = [freshKey(t), freshKey(t)];
  await startServer(t, key);
  const both = `${none},${key}`;
  const { code, stdout, stderr } = await runNode(t, [bin('time-client'), 'compare', '--key', both]);
  assert.equal(code, 3);
  assert.match(stdout, /^0x\w+ +no answer\n0x\w+ .*, pid \d+ .*\n$/);
  assert.match(
    stderr,
    /^time-client: there is no queue at key .*; start one with: time-server --key 0x\w+\n$/,
  );
});

test('a classic server tells whole seconds only', { skip: skipWithout('python') }, async (t) => {
  const key = freshKey(t);
  await startClassicServer(t, key);
  const { code, stdout } = await runNode(t, [bin('time-client'), 'compare', '--key', String(key)]);
  assert.equal(code, 0);
  assert.match(stdout, /a classic server, which tells whole seconds only\n$/);
});

test('compare refuses what is no key, and options for NATS beside keys', async (t) => {
  for (const [words, said] of [
    [['--key', '1,,2'], /^time-client: '' is not a key; /],
    [['--key', '7,0x0'], /^time-client: key 0x0 is IPC_PRIVATE/],
    [
      ['--key', '7', '--subject', 'x'],
      /^time-client: --key compares queues and --subject is for NATS: give one/,
    ],
  ] as const) {
    const { code, stderr } = await runNode(t, [bin('time-client'), 'compare', ...words]);
    assert.equal(code, 2);
    assert.match(stderr, said);
  }
});

test('measure tells the offset of the server’s clock, to within half of the shortest delay', async (t) => {
  const { key } = await ownServer(t, ['--clock', 'offset:-1h']);
  const { stdout } = await timeClient(t, key, ['measure', '--count', '200', '--json']);
  const { offsetNs, errorNs, clock } = JSON.parse(stdout) as Row;
  assert.ok(offsetNs !== null && errorNs !== null && Math.abs(offsetNs + HOUR) <= errorNs, stdout);
  assert.equal(clock, 'offset:-1h');
  const text = await timeClient(t, key, ['measure', '--count', '200']);
  assert.match(text.stdout, /^ {2}offset {2}-3(?:600|599)(?:\.\d+)? s ± [\d.]+ \S+$/m);
});
