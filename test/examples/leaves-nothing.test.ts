import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skipWithoutCommands } from '../helpers/commands.js';
import { skipWithoutNamespaces } from '../helpers/namespace.js';
import { nothingLeft, startAlone, startOnTerminal } from './example.js';

/** Examples that make kernel objects, and what they write when these are there. */
const examples: [words: string[], line: string | RegExp, input?: string][] = [
  [['integers'], 'An integer, or 0 to end: ', '3\n0\n'],
  [['fibonacci-shared', '93'], 'child (pid'],
  [['shared-values'], 'before: '],
  [['locked-counter'], 'in every cell'],
  [['rpc'], 'add(5, 3) = 8'],
  [['shared-objects'], 'holds the objects'],
  [['worker-pool', '--kill'], 'worker 3'],
];

for (const [words, line, input = ''] of examples) {
  const name = words.join(' ');

  test(`${name} leaves no queue, set or segment behind`, { skip: skipWithoutNamespaces() }, async (t) => {
    const { code, stdout, stderr } = await startAlone(t, words, { input }).exit();
    assert.deepEqual([stderr, code], ['', 0]);
    assert.ok(stdout.endsWith(`${nothingLeft}\n`), stdout);
  });

  test(
    `${name} leaves nothing behind after Ctrl-C on a terminal`,
    { skip: skipWithoutNamespaces() || skipWithoutCommands('script') },
    async (t) => {
      const example = startOnTerminal(t, words);
      await example.waitFor(line);
      if (words[0] === 'integers') {
        // Once the other process works too.
        example.write('12\n');
        await example.waitFor(/printer .*: 12/);
      }
      example.write('\x03');
      const { stdout } = await example.exit();
      assert.ok(stdout.endsWith(`${nothingLeft}\n`), stdout);
      assert.doesNotMatch(stdout, /Error|^ +at /m);
    },
  );
}
