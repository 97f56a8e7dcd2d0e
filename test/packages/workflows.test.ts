import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../helpers/node.js';

const folder = join(root, '.github', 'workflows');
const workflows = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(join(folder, name), 'utf8'),
}));

/** What a workflow may do beyond reading the repository. */
const grants: Readonly<Record<string, readonly string[]>> = { 'release.yml': ['id-token: write'] };

for (const { name, text } of workflows) {
  test(`the workflow ${name} uses actions at a commit, whose version is beside it`, () => {
    const used = [...text.matchAll(/^ *(?:- )?uses: (.*)$/gm)].map(([, action = '']) => action);
    assert.ok(used.length > 0);
    const loose = used.filter((action) => !/^(\.\/|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d)/.test(action));
    assert.deepEqual(loose, []);
  });

  test(`the workflow ${name} has no more permissions than it needs`, () => {
    assert.match(text, /^permissions:\n {2}contents: read\n(?! )/m);
    assert.deepEqual(text.match(/[\w-]+: write(-all)?\b/g) ?? [], grants[name] ?? []);
    assert.doesNotMatch(text, /pull_request_target|write-all/);
    // A checkout that keeps the token would leave it to whatever runs afterwards.
    const checkouts = text.match(/uses: actions\/checkout@/g) ?? [];
    const without = text.match(/uses: actions\/checkout@.*\n +with:\n +persist-credentials: false\n/g) ?? [];
    assert.equal(without.length, checkouts.length);
  });
}
