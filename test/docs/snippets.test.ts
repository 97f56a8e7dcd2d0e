import assert from 'node:assert/strict';
import { test } from 'node:test';
import { root, snippetCommand } from '../helpers/node.js';
import { inOwnNamespace, skipWithoutNamespaces } from '../helpers/namespace.js';
import { run } from '../helpers/process.js';
import { blocksIn, pages, type Block } from './markdown.js';

const script = ['js', 'mjs', 'javascript', 'ts', 'typescript'];
/** Those that say where they take things from are whole programs; the others are pieces. */
const programs = pages
  .flatMap(blocksIn)
  .filter(({ language, text }) => script.includes(language) && /^import\b/m.test(text));

const count = 'for kind in msg sem shm; do echo $(($(wc -l </proc/sysvipc/$kind) - 1)); done | xargs >&2';

/** Numbers are the machine's: ids, pids, times. */
function masked(text: string): string {
  // Pids are short where few processes have been.
  return text.replace(/\b(pid:? |by )\d+/g, '$1N').replace(/\d{4,}/g, 'N');
}

function keysIn({ text }: Block): string[] {
  return [...new Set(text.match(/\b0x[0-9a-f]+\b/g))];
}

for (const block of programs) {
  const name = `${block.page}:${block.line}`;
  test(
    `the program at ${name} runs alone, prints, and leaves nothing behind`,
    { skip: skipWithoutNamespaces() },
    async (t) => {
      assert.equal(block.language, 'js', 'it is to be plain JavaScript');
      const node = [process.execPath, ...snippetCommand(block.text)];
      const [command, words] = inOwnNamespace('sh', [
        '-c',
        `"$@"; code=$?; ${count}; exit $code`,
        'sh',
        ...node,
      ]);
      const { code, stdout, stderr } = await run(t, command, words, { cwd: root });
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '0 0 0\n' });
      assert.notEqual(stdout, '');
      if (block.output !== undefined) assert.equal(masked(stdout), masked(block.output));
    },
  );
}

test('every program of the pages has keys of its own, and none has that of the time server', () => {
  const users = new Map<string, string[]>();
  for (const block of programs) {
    for (const key of keysIn(block))
      users.set(key, [...(users.get(key) ?? []), `${block.page}:${block.line}`]);
  }
  assert.ok(programs.length >= 12, `there are ${programs.length}`);
  assert.ok(!users.has('0x80'));
  assert.deepEqual(
    [...users].filter(([, places]) => places.length > 1),
    [],
  );
});
