import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readNamingKey } from '@timeq/cli-kit/args/key';
import { findVerb } from '@timeq/cli-kit/verbs/find-verb';
import { parse } from '@timeq/cli-kit/verbs/parse';
import type { Program } from '@timeq/cli-kit/verbs/verb';
import { PROGRAM as timeqBridge } from '#bridge/cli/program';
import { PROGRAM as ipctools } from '#ipctools/cli/program';
import { PROGRAM as timeClient } from '#time-client/cli/program';
import { readSettings } from '#time-client/cli/read-settings';
import type { RawOptions } from '#time-client/cli/settings';
import { readOptions } from '#time-server/cli/commands/serve';
import { program as timeServer } from '#time-server/cli/program';
import { root, type bin } from '../helpers/node.js';
import { blocksIn, pages, readPage } from './markdown.js';

type Command = Parameters<typeof bin>[0];
const commands: readonly Command[] = ['time-server', 'time-client', 'ipctools', 'timeq-bridge'];

interface CommandLine {
  readonly where: string;
  /** In a sentence a verb or an option may be named without what follows it. */
  readonly inSentence: boolean;
  readonly words: readonly string[];
}

/** What is typed in a console, or stands as code in a sentence, command by command. */
function* commandLines(): Generator<CommandLine> {
  // A changelog names what is refused.
  for (const page of pages.filter((each) => each !== 'CHANGELOG.md')) {
    for (const { language, line, text } of blocksIn(page)) {
      if (!['console', 'sh', ''].includes(language)) continue;
      const typed = language === 'sh' ? /^(.+)$/gm : /^\$ (.+)$/gm;
      for (const [, command = ''] of text.matchAll(typed)) yield* split(`${page}:${line}`, command, false);
    }
    const spans = readPage(page).replace(/^```.*?^```$/gms, '');
    for (const [, command = ''] of spans.matchAll(
      /`((?:time-server|time-client|ipctools|timeq-bridge|npx|npm) [^`]+)`/g,
    )) {
      yield* split(page, command, true);
    }
  }
}

/** The commands of a line, which ends where a comment begins. */
function* split(where: string, line: string, inSentence: boolean): Generator<CommandLine> {
  for (const command of line.replace(/\s#.*$/, '').split(/[|;&]+|\$\(/)) {
    const words = command.trim().match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
    if (words.length > 0) yield { where, words, inSentence };
  }
}

/** What stands in the pages for a value. */
const values: Readonly<Record<string, string>> = { GROUP: '0', KEY: '128', MODE: '0600', N: '1' };

/** The name and the arguments of one of the project's commands, as a shell would hand them over. */
function toParse(
  words: readonly string[],
): readonly [command: Command, words: readonly string[]] | undefined {
  const [first = '', ...rest] = words[0] === 'npx' ? words.slice(1) : words;
  const command = commands.find((each) => each === first.replace(/^@timeq\//, ''));
  if (command === undefined) return undefined;
  const redirected = rest.findIndex((word) => /^\d?[<>]/.test(word));
  const bare = rest
    .slice(0, redirected === -1 ? undefined : redirected)
    .filter((word) => word !== '--help')
    .map((word) => word.replace(/^(["'])(.*)\1\)?$/, '$2').replace(/\)$/, ''))
    .map((word) => values[word] ?? word);
  return [command, bare];
}

/** Whether the line names a form, such as "VERB" or "[options]", and nothing that could be run. */
function isForm(words: readonly string[]): boolean {
  return words[0] === 'VERB' || words.some((word) => /^\[|…|\.\.\./.test(word));
}

const programs: Readonly<Record<Command, Program>> = {
  'time-client': timeClient,
  'time-server': timeServer({}),
  ipctools,
  'timeq-bridge': timeqBridge,
};

/** Parses as the program itself does, and runs nothing. @throws where it would refuse the line as wrong usage */
async function parseLine(command: Command, words: readonly string[]): Promise<void> {
  const found = findVerb(programs[command], words[0] === 'help' ? words.slice(1) : words);
  const call = await parse(programs[command], found);
  if (typeof call === 'string' || found.verb.name === 'completion') return;
  if (command === 'time-client') {
    const { key, ...others } = call.options as RawOptions;
    const isCompare = found.verb.name === 'compare';
    // With keys, of which it takes several, it is at queues; otherwise over NATS, whether it is said or not.
    if (isCompare && typeof key === 'string') key.split(',').map(readNamingKey);
    const place = !isCompare
      ? { ...(key !== undefined && { key }) }
      : key === undefined
        ? { nats: true }
        : {};
    await readSettings({ ...others, ...place });
  }
  if (command === 'time-server') readOptions(call.options);
}

test('every command line of the pages is one that its program takes', async () => {
  const refused: string[] = [];
  let seen = 0;
  for (const { where, words, inSentence } of commandLines()) {
    const [command, rest] = toParse(words) ?? [];
    if (command === undefined || rest === undefined || isForm(rest)) continue;
    // The drop-ins have parsers of their own, which the tests of the drop-ins compare with util-linux's.
    if (programs[command].others?.has(rest[0] ?? '')) continue;
    seen += 1;
    try {
      await parseLine(command, rest);
    } catch (error) {
      const { message } = error as Error;
      if (inSentence && /argument missing|missing required argument/.test(message)) continue;
      refused.push(`${where}: ${words.join(' ')}: ${message}`);
    }
  }
  assert.deepEqual(refused, []);
  assert.ok(seen > 100, `only ${seen} were found`);
});

test('every npm script and every file that a command line of the pages runs is there', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  const missing: string[] = [];
  for (const { where, words } of commandLines()) {
    const [first, second = '', third = ''] = words.filter((word) => !word.startsWith('--'));
    const script =
      first !== 'npm'
        ? undefined
        : second === 'run'
          ? third
          : ['start', 'test'].includes(second)
            ? second
            : undefined;
    if (script !== undefined && /^[a-z:-]+$/.test(script) && !(script in scripts))
      missing.push(`${where}: ${words.join(' ')}`);
    if (first === 'node' && /^(scripts|packages)\//.test(second) && !existsSync(join(root, second))) {
      missing.push(`${where}: ${words.join(' ')}`);
    }
  }
  assert.deepEqual(missing, []);
});
