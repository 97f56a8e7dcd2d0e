import assert from 'node:assert/strict';
import test from 'node:test';
import { PROGRAM as timeqBridge } from '#bridge/cli/program';
import { PROGRAM as ipctools } from '#ipctools/cli/program';
import { PROGRAM as timeClient } from '#time-client/cli/program';
import { ownServer, timeClient as runTimeClient } from '../time-client/support.js';

/** `send` reads JSON. */
const OTHERS = ['ipctools send'];

test('each verb of each command that prints JSON takes -o json for it', () => {
  const without = [ipctools, timeClient, timeqBridge].flatMap(({ name, verbs, unnamed }) =>
    [...verbs, unnamed]
      .filter(({ options }) => options.some(({ flags }) => flags === '--json'))
      .filter(({ options }) => !options.some(({ flags }) => flags === '-o, --output <format>'))
      .map((verb) => `${name} ${verb.name}`),
  );
  assert.deepEqual(without, OTHERS);
});

test('time-client -o json prints what --json prints', async (t) => {
  const { key } = await ownServer(t);
  const fields = async (words: string[]): Promise<string[]> =>
    Object.keys(JSON.parse((await runTimeClient(t, key, words)).stdout) as object);
  const wanted = await fields(['now', '--json']);
  for (const words of [
    ['now', '-o', 'json'],
    ['-ojson', 'now'],
    ['now', '--output=json'],
  ])
    assert.deepEqual(await fields(words), wanted);
  const { code, stderr } = await runTimeClient(t, key, ['now', '-o', 'yaml']);
  assert.equal(code, 2);
  assert.match(stderr, /argument 'yaml' is invalid. Allowed choices are json/);
});
