import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { root } from '../helpers/node.js';

/** Words in place of a thing that has a name, and the word to write. A user may be called nobody. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/(?<![-`'])\b(?:no|some|any|every)body\b/giu, 'name the process, the user, the client or the thread'],
  [/\bwhoever\b/giu, 'name the process, the user, the client or the thread'],
  [/\bgi(?:ve|ves|ven|ving) up\b|\bgave up\b/giu, 'cancel, time out or drop'],
  [/\bin (?:its|his|their|your) hands?\b/giu, 'holds, or controls'],
  [/\bcom(?:e|es|ing) to rest\b|\bstands? still\b/giu, 'idle, or blocked'],
];

const WRITTEN = /\.(?:md|[jt]s|[ch]|py|ya?ml|txt)$|\/[a-z-]+$/;
/** History, reports made of sources, the user called nobody, and this list. */
const LEFT =
  /^(?:CHANGELOG\.md|docs\/adr\/|docs\/api\/|test\/docs\/words\.test\.ts|test\/mq-native\/as-nobody\.ts)/;

/** The sources of a checkout, also one without git. */
function sources(): string[] {
  return ['.github', '.ci', 'bench', 'contrib', 'docs', 'examples', 'packages', 'scripts', 'test']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name))),
    )
    .concat('README.md', 'CONTRIBUTING.md', 'SECURITY.md')
    .filter((path) => !/(?:^|\/)(?:dist|build|node_modules|prebuilds|coverage)\//.test(path))
    .filter((path) => WRITTEN.test(path) && !LEFT.test(path));
}

test('messages, comments, titles and pages name who does what, with the word of the field', () => {
  const paths = sources();
  const found = paths.flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        WORDS.flatMap(([words, instead]) =>
          [...line.matchAll(words)].map(([word]) => `${path}:${index + 1}: "${word}": ${instead}`),
        ),
      ),
  );
  assert.deepEqual(found, []);
  assert.ok(paths.length > 500, `only ${paths.length} files were read`);
});
