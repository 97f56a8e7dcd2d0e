import assert from 'node:assert/strict';
import test from 'node:test';
import { PROGRAM as timeqBridge } from '#bridge/cli/program';
import { PROGRAM as ipctools } from '#ipctools/cli/program';
import { PROGRAM as timeClient } from '#time-client/cli/program';
import { program as timeServer } from '#time-server/cli/program';
import { bareCall } from '@timeq/cli-kit/verbs/bare-call';
import { parse } from '@timeq/cli-kit/verbs/parse';

for (const program of [timeqBridge, ipctools, timeClient, timeServer({})]) {
  test(`a verb of ${program.name} alone gets what the parser would give it`, async () => {
    for (const verb of [program.unnamed, ...program.verbs]) {
      const found = { verb, named: verb !== program.unnamed, words: [] };
      const call = bareCall(found);
      if (call === undefined)
        await assert.rejects(parse(program, found), /missing required argument/, verb.name);
      else assert.deepEqual({ ...call }, await parsed(program, found), verb.name);
    }
  });
}

test('with words there is something to parse', () => {
  const { unnamed } = ipctools;
  assert.equal(bareCall({ verb: unnamed, named: false, words: ['--json'] }), undefined);
});

async function parsed(...call: Parameters<typeof parse>): Promise<unknown> {
  const result = await parse(...call);
  assert.ok(typeof result !== 'string');
  return { words: result.words, options: { ...result.options } };
}
