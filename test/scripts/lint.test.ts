import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { runNode } from '../helpers/node.js';
import type { Exit } from '../helpers/process.js';
import { smallCheckout, write } from './checkout.js';

const source = 'packages/mq-native/src/index.ts';
const native = 'packages/mq-native/native/trivial.c';

async function lint(t: TestContext, folder: string, ...options: string[]): Promise<Exit> {
  return runNode(t, [join(folder, 'scripts/lint.js'), ...options], { cwd: folder });
}

test('all is well in a checkout without faults', async (t) => {
  const folder = smallCheckout(t);
  const { code, stdout, stderr } = await lint(t, folder);
  assert.equal(code, 0, stdout + stderr);
});

test('a promise that is not awaited is an error', async (t) => {
  const folder = smallCheckout(t);
  write(folder, source, 'export async function ask(): Promise<void> {}\n\nask();\n');
  const { code, stdout, stderr } = await lint(t, folder);
  assert.equal(code, 1);
  assert.match(stdout, /no-floating-promises/);
  assert.match(stderr, /^Failed: oxlint \(/m);
});

test('every check runs, also after one has failed', async (t) => {
  const folder = smallCheckout(t);
  write(folder, source, 'export async function ask(): Promise<void> {  }\nask()\n');
  write(folder, native, 'int  badly (void){return 1;}\n');
  const { code, stderr } = await lint(t, folder);
  assert.equal(code, 1);
  assert.match(stderr, /^Failed: oxlint, prettier, clang-format \(/m);
});

test('C is checked wherever there is any', async (t) => {
  const folder = smallCheckout(t);
  const fault = 'int  badly (void){return 1;}\n';
  const faulty = ['bench/programs/slow.c', 'test/sanitizers/harness/deep.c', 'scripts/prebuild/old.h'];
  for (const path of faulty) write(folder, path, fault);
  const { code, stderr } = await lint(t, folder);
  assert.equal(code, 1);
  for (const path of faulty) assert.ok(stderr.includes(`${path}:1:`), path);
});

test('--fix puts the format right', async (t) => {
  const folder = smallCheckout(t);
  write(folder, source, 'export const  one=1\n');
  write(folder, native, 'int  badly (void){return 1;}\n');
  assert.equal((await lint(t, folder, '--fix')).code, 0);
  assert.equal(readFileSync(join(folder, source), 'utf8'), 'export const one = 1;\n');
  assert.equal(readFileSync(join(folder, native), 'utf8'), 'int badly(void) {\n  return 1;\n}\n');
  assert.equal((await lint(t, folder)).code, 0);
});
