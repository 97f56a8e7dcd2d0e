import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runNode } from '../helpers/node.js';
import { smallCheckout, write } from './checkout.js';

test('clean deletes what the set-up makes, everywhere, and nothing else', async (t) => {
  const folder = smallCheckout(t);
  const made = ['bench', 'examples', 'test', 'packages/mq-native'].flatMap((home) => [
    `${home}/dist/main.js`,
    `${home}/tsconfig.tsbuildinfo`,
  ]);
  made.push('packages/mq-native/build/mq_native.node', 'build/setup-lock/lock.1');
  made.push('node_modules/.cache/timeq/compilation');
  const kept = ['examples/echo/main.ts', 'packages/mq-native/src/index.ts', 'package.json', 'node_modules'];
  for (const path of [...made, 'examples/echo/main.ts']) write(folder, path, '');
  const { code, stderr } = await runNode(t, [join(folder, 'scripts/clean.js')]);
  assert.equal(code, 0, stderr);
  const isThere = (path: string): boolean => existsSync(join(folder, path));
  assert.deepEqual(made.filter(isThere), []);
  assert.deepEqual(kept.filter(isThere), kept);
});
