import assert from 'node:assert/strict';
import test from 'node:test';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { findVerb } from '@timeq/cli-kit/verbs/find-verb';
import type { Program, Verb } from '@timeq/cli-kit/verbs/verb';

const load = () => Promise.reject(new Error('not to be loaded'));
const key = { flags: '-k, --key <key>', help: '' };
const json = { flags: '--json', help: '' };
const list: Verb = {
  name: 'list',
  alias: 'ls',
  typedAs: ['enumerate'],
  summary: '',
  options: [key, json],
  load,
};
const unnamed: Verb = { name: 'tool', summary: '', options: [key, json], load };
const tool: Program = {
  name: 'tool',
  version: () => '1',
  description: '',
  verbs: [list],
  unnamed,
  details: '',
  examples: [],
  exitCodes: [],
  explain: () => undefined,
};

test('a verb is found by its name and its alias, and options before it go on to it', () => {
  for (const [line, words] of [
    ['list', ''],
    ['ls -', '-'],
    ['--key 5 list --json', '--key 5 --json'],
    ['--key=5 list x', '--key=5 x'],
    ['-k5 list', '-k5'],
    ['--json list', '--json'],
  ] as const) {
    const found = findVerb(tool, line.split(' '));
    assert.deepEqual([found.verb, found.named, found.words.join(' ')], [list, true, words], line);
  }
});

test('without a verb, and behind an option that there is not, it is the one without a name', () => {
  for (const line of ['', '--key 5', '--json', '--nosuch list', '--help']) {
    const argv = line === '' ? [] : line.split(' ');
    assert.deepEqual(findVerb(tool, argv), { verb: unnamed, named: false, words: argv });
  }
});

test('a word that is no verb is told, with the one that is near or all that there are', () => {
  const near = new UsageError("there is no verb 'lits' (did you mean list?)");
  assert.throws(() => findVerb(tool, ['lits']), near);
  for (const word of ['enumerate', 'enumerat'])
    assert.throws(() => findVerb(tool, [word]), {
      message: `there is no verb '${word}' (did you mean list?)`,
    });
  const all = new UsageError("there is no verb 'x12345'; the verbs are list, help");
  assert.throws(() => findVerb(tool, ['--key', '5', 'x12345']), all);
});
