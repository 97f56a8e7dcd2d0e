import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { flagsOf } from '@timeq/cli-kit/verbs/options';
import type { Program } from '@timeq/cli-kit/verbs/verb';
import { PROGRAM as timeqBridge } from '#bridge/cli/program';
import { PROGRAM as ipctools } from '#ipctools/cli/program';
import { PROGRAM as timeClient } from '#time-client/cli/program';
import { program as timeServer } from '#time-server/cli/program';
import { skipWithoutCommands } from '../helpers/commands.js';
import { temporaryFolder } from '../helpers/folder.js';
import { bin } from '../helpers/node.js';
import { run, start } from '../helpers/process.js';

const PROGRAMS: readonly Program[] = [ipctools, timeClient, timeServer({}), timeqBridge];

/** The environment with the commands on the PATH. */
function environment(t: TestContext): Record<string, string> {
  const folder = temporaryFolder(t);
  for (const { name } of PROGRAMS) symlinkSync(bin(name as Parameters<typeof bin>[0]), join(folder, name));
  return { PATH: `${folder}:${process.env['PATH']}`, HOME: folder, TERM: 'dumb' };
}

/** Each line to complete, and the words that the verb table has for it. */
function expected({ name, verbs, unnamed, others }: Program): Map<string, string[]> {
  const longest = (options: Program['unnamed']['options']): string[] =>
    options.map((option) => flagsOf(option).at(-1) ?? '');
  return new Map([
    [`${name} `, [...verbs.map((verb) => verb.name), ...(others?.keys() ?? []), 'help']],
    [`${name} --`, [...longest(unnamed.options), '--help']],
    ...verbs.map((verb): [string, string[]] => [
      `${name} ${verb.name} --`,
      [...longest(verb.options), '--help'],
    ]),
  ]);
}

/** The words of each line of a shell's output: `LINE`, then `word TAB help` or `word:help`. */
function groups(output: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let words: string[] = [];
  for (const line of output.trimEnd().split('\n')) {
    if (line.startsWith('== ')) found.set(line.slice(3), (words = []));
    else words.push(line.split(/[\t:]/)[0] ?? '');
  }
  return found;
}

const sorted = (lines: Map<string, string[]>): Map<string, string[]> =>
  new Map([...lines].map(([line, words]) => [line, words.toSorted()]));

for (const program of PROGRAMS) {
  const { name } = program;
  const lines = expected(program);

  describe(`completion of ${name}`, () => {
    it(
      'offers every verb and option of its table in fish',
      { skip: skipWithoutCommands('fish') },
      async (t) => {
        const asked = [...lines.keys()].map((line) => `echo '== ${line}'; complete -C '${line}'`);
        const script = `${name} completion fish | source; ${asked.join('; ')}`;
        const { stdout } = await run(t, 'fish', ['--no-config', '-c', script], { env: environment(t) });
        assert.deepEqual(sorted(groups(stdout)), sorted(lines));
      },
    );

    it(
      'offers every verb and option of its table in zsh',
      { skip: skipWithoutCommands('zsh') },
      async (t) => {
        const call = `_${name.replaceAll('-', '_')}`;
        const asked = [...lines.keys()].map((line) => {
          const words = line.endsWith(' ') ? [name, "''"] : line.split(' ');
          return `echo '== ${line}'; words=(${words.join(' ')}); CURRENT=${words.length}; ${call}`;
        });
        const script = `autoload -U compinit && compinit -u -D; eval "$(${name} completion zsh)"
_describe() { print -l -- "\${(@P)2}"; }; ${asked.join('; ')}`;
        const { stdout } = await run(t, 'zsh', ['-fc', script], { env: environment(t) });
        assert.deepEqual(sorted(groups(stdout)), sorted(lines));
      },
    );
  });
}

describe('completion on a terminal', { skip: skipWithoutCommands('zsh', 'script') }, () => {
  it('completes each command in zsh when Tab is pressed', async (t) => {
    const shell = start(t, 'script', ['-qefc', 'zsh -f', '/dev/null'], { env: environment(t) });
    shell.write('autoload -U compinit && compinit -u -D; echo ready-$((1+1))\n');
    await shell.waitFor('ready-2');
    for (const { name } of PROGRAMS) {
      shell.write(`eval "$(${name} completion zsh)"; echo loaded-${name}-$((1+1))\n`);
      await shell.waitFor(`loaded-${name}-2`);
      shell.write(`${name} completion fi\t >/dev/null && echo done-$?\n`);
      await shell.waitFor(`${name} completion fish`);
      await shell.waitFor('done-0');
    }
  });
});
