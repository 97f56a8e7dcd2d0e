import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { skipWithoutCommands } from '../helpers/commands.js';
import { bin, root, runNode } from '../helpers/node.js';
import { run } from '../helpers/process.js';

interface Manifest {
  readonly man: readonly string[];
}

const commands = ['ipctools', 'time-client', 'time-server', 'bridge'] as const;

/** The pages that a package lists, as paths. */
function pagesOf(command: string): string[] {
  const home = join(root, 'packages', command);
  const { man } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as Manifest;
  return man.map((path) => join(home, path));
}

/** The long options that a text names. */
function longOptions(text: string): Set<string> {
  return new Set(text.match(/--[a-z][a-z-]+/g));
}

describe('the manual pages', () => {
  for (const command of commands) {
    it(`of ${command} are all in its package's list`, () => {
      const home = join(root, 'packages', command);
      const there = ['build/man', 'man'].flatMap((folder) => {
        try {
          return readdirSync(join(home, folder)).map((name) => join(home, folder, name));
        } catch {
          return [];
        }
      });
      assert.deepEqual(pagesOf(command).toSorted(), there.toSorted());
    });

    it(
      `of ${command} have nothing that mandoc complains about`,
      { skip: skipWithoutCommands('mandoc') },
      async (t) => {
        for (const page of pagesOf(command)) {
          const { stdout } = await run(t, 'mandoc', ['-Tlint', '-Wstyle', page]);
          // Whether the pages that it refers to are installed is the machine's affair.
          const complaints = stdout
            .split('\n')
            .filter((line) => !/^$|referenced manual not found/.test(line));
          assert.deepEqual(complaints, []);
        }
      },
    );

    it(
      `of ${command} have nothing that groff complains about`,
      { skip: skipWithoutCommands('groff') },
      async (t) => {
        for (const page of pagesOf(command)) {
          const { code, stderr } = await run(t, 'groff', ['-ww', '-mdoc', '-Tutf8', page]);
          assert.deepEqual([code, stderr], [0, '']);
        }
      },
    );
  }

  it('of a verb with exit codes of its own, and its help, have no others', async (t) => {
    const page = pagesOf('ipctools').find((path) => path.endsWith('/ipctools-check.1')) ?? '';
    const [, codes = ''] = /^\.Sh EXIT STATUS\n(.*?)^\.Sh/ms.exec(readFileSync(page, 'utf8')) ?? [];
    assert.deepEqual(
      [...codes.matchAll(/^\.It (\d+)\n(\w+)/gm)].map(([, code, word]) => [code, word]),
      [
        ['0', 'Ok'],
        ['1', 'Warning'],
        ['2', 'Critical'],
        ['3', 'Unknown'],
      ],
    );
    const { stdout } = await runNode(t, [bin('ipctools'), 'check', '--help']);
    assert.match(
      stdout,
      /^Exit codes:\n {2}0 +ok\n {2}1 +warning\n {2}2 +critical; .*\n {2}3 +unknown; .*\n$/m,
    );
  });

  it(
    'explain each option that the help of their verb has',
    { skip: skipWithoutCommands('mandoc') },
    async (t) => {
      const pages = pagesOf('ipctools').filter((page) => /ipctools-\w+\.1$/.test(page));
      assert.ok(pages.length > 15);
      for (const page of pages) {
        const verb = /ipctools-(?<verb>\w+)\.1$/.exec(page)?.groups?.['verb'] ?? '';
        const help = await runNode(t, [bin('ipctools'), verb, '--help']);
        const { stdout } = await run(t, 'mandoc', ['-Tascii', page]);
        // Each letter of what is bold is overstruck.
        const text = stdout
          .split('\b')
          .map((part, index, parts) => (index === parts.length - 1 ? part : part.slice(0, -1)))
          .join('');
        const explained = longOptions(text);
        assert.deepEqual(
          [...longOptions(help.stdout)].filter((option) => !explained.has(option)),
          [],
          page,
        );
        assert.match(text, new RegExp(`^NAME\\s+ipctools-${verb} - `, 'm'));
      }
    },
  );
});
