import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { bin, root, runNode } from '../helpers/node.js';
import { blocksIn, pages, readPage } from './markdown.js';

type Command = Parameters<typeof bin>[0];
const commands: readonly Command[] = ['time-server', 'time-client', 'ipctools'];

interface CommandLine {
  readonly where: string;
  readonly words: readonly string[];
}

/** What is typed in a console, or stands as code in a sentence, command by command. */
function* commandLines(): Generator<CommandLine> {
  for (const page of pages) {
    for (const { language, line, text } of blocksIn(page)) {
      if (!['console', 'sh', ''].includes(language)) continue;
      const typed = language === 'sh' ? /^(.+)$/gm : /^\$ (.+)$/gm;
      for (const [, command = ''] of text.matchAll(typed)) yield* split(`${page}:${line}`, command);
    }
    const spans = readPage(page).replace(/^```.*?^```$/gms, '');
    for (const [, command = ''] of spans.matchAll(
      /`((?:time-server|time-client|ipctools|npx|npm) [^`]+)`/g,
    )) {
      yield* split(page, command);
    }
  }
}

/** The commands of a line, which ends where a comment begins. */
function* split(where: string, line: string): Generator<CommandLine> {
  for (const command of line.replace(/\s#.*$/, '').split(/[|;&]+|\$\(/)) {
    const words = command.trim().match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
    if (words.length > 0) yield { where, words };
  }
}

/** The options of a command line, each without its value. */
function optionsOf(words: readonly string[]): string[] {
  return words.flatMap((word) => /^\[?(--[a-z][\w-]*|-[a-zA-Z]$)/.exec(word)?.slice(1) ?? []);
}

function named(words: readonly string[]): readonly [command: Command, words: readonly string[]] | undefined {
  const [first = '', ...rest] = words[0] === 'npx' ? words.slice(1) : words;
  const name = first.replace(/^@timeq\//, '');
  const command = commands.find((each) => each === name);
  return command === undefined ? undefined : [command, rest];
}

const helps = new Map<string, Promise<string>>();

function helpOf(t: TestContext, words: readonly [Command, ...string[]]): Promise<string> {
  const key = words.join(' ');
  const [command, ...rest] = words;
  let help = helps.get(key);
  if (help === undefined) {
    help = runNode(t, [bin(command), ...rest, '--help']).then(({ code, stdout }) => {
      assert.equal(code, 0, `${key} --help`);
      return stdout;
    });
    helps.set(key, help);
  }
  return help;
}

test('every command line of the pages has verbs and options that --help knows', async (t) => {
  const unknown: string[] = [];
  let seen = 0;
  for (const { where, words } of commandLines()) {
    const [command, rest] = named(words) ?? [];
    // With --posix, ipcs has the options of POSIX, while its --help is that of util-linux.
    if (command === undefined || rest === undefined || rest.includes('--posix')) continue;
    const [verb] = rest;
    const help = await helpOf(t, [command]);
    const isVerb = verb !== undefined && /^[a-z]+$/.test(verb);
    const known =
      isVerb && (new RegExp(`^ +${verb}\\b`, 'm').test(help) || new RegExp(`\\b${verb}\\b`).test(help));
    if (isVerb && !known) unknown.push(`${where}: ${words.join(' ')}: no verb ${verb}`);
    const own = isVerb && known ? await helpOf(t, [command, verb]) : help;
    for (const option of optionsOf(rest)) {
      const there = new RegExp(`(^|[ ,])${option}\\b`, 'm');
      if (!there.test(own) && !there.test(help))
        unknown.push(`${where}: ${words.join(' ')}: no option ${option}`);
    }
    seen += 1;
  }
  assert.deepEqual(unknown, []);
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
