import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../helpers/node.js';
import { run } from '../helpers/process.js';

const native = join(root, 'packages', 'mq-native', 'native');
const { include_dir: nodeApi } = createRequire(import.meta.url)('node-api-headers') as {
  include_dir: string;
};

/** The compiler taken in: that this is not Linux, and that glibc's headers are those of the other system. */
const asFreeBSD = ['-U__linux__', '-U__linux', '-D__FreeBSD__=14', '-D__key=key'];

test('the C without what is Linux only compiles, warnings being errors', async (t) => {
  const language = ['-std=c11', '-D_GNU_SOURCE', '-DNAPI_VERSION=8', '-Wall', '-Wextra', '-Werror'];
  const headers = ['-I', join(root, 'test', 'packages', 'foreign-headers'), '-I', nodeApi];
  const sources = readdirSync(native)
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(native, name));
  const { stderr, code } = await run(t, process.env['CC'] ?? 'cc', [
    ...language,
    ...asFreeBSD,
    ...headers,
    '-fsyntax-only',
    ...sources,
  ]);
  assert.deepEqual([stderr, code], ['', 0]);
});
