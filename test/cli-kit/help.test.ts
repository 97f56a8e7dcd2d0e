import assert from 'node:assert/strict';
import test from 'node:test';
import { PROGRAM as timeqBridge } from '#bridge/cli/program';
import { findVerb } from '@timeq/cli-kit/verbs/find-verb';
import { parse } from '@timeq/cli-kit/verbs/parse';
import { PROGRAM as ipctools } from '#ipctools/cli/program';
import { PROGRAM as timeClient } from '#time-client/cli/program';
import { program as timeServer } from '#time-server/cli/program';
import { bin, runNode } from '../helpers/node.js';

for (const program of [timeqBridge, ipctools, timeClient, timeServer({})])
  test(`no line of the help of ${program.name} is wider than a terminal of 80 columns`, async () => {
    for (const verb of [program.unnamed, ...program.verbs]) {
      const words = verb === program.unnamed ? ['--help'] : [verb.name, '--help'];
      const help = await parse(program, findVerb(program, words));
      assert.ok(typeof help === 'string' && help.startsWith('Usage: '));
      // An example is written as you type it.
      const [text = ''] = help.split('\nExamples:\n');
      assert.deepEqual(
        text.split('\n').filter((line) => line.length > 80),
        [],
      );
    }
  });

test('help about help is the help of the program', async (t) => {
  const { code, stdout } = await runNode(t, [bin('ipctools'), 'help', 'help']);
  assert.equal(code, 0);
  assert.match(stdout, /^Usage: ipctools /);
});
