import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { skipWithoutCommands } from '../helpers/commands.js';
import { temporaryFolder } from '../helpers/folder.js';
import { root, runNode, runSnippet, specifier } from '../helpers/node.js';
import { target as own } from './project.js';

const muslMissing = existsSync('/usr/lib/x86_64-linux-musl/crt1.o') ? false : 'musl-dev is not installed';
const tools = join(root, 'scripts', 'prebuild');

function compileAndTry(t: TestContext, target: string): ReturnType<typeof runSnippet> {
  const folder = temporaryFolder(t);
  return runSnippet(
    t,
    `import { compile } from ${specifier(join(tools, 'compile.js'))};
    import { checkSymbols } from ${specifier(join(tools, 'symbols.js'))};
    import { targets } from ${specifier(join(tools, 'targets.js'))};
    import { tryLoad } from ${specifier(join(tools, 'try-load.js'))};
    const [name, addon] = process.argv.slice(1);
    const target = targets.find((each) => each.name === name);
    compile(target, addon);
    console.log(checkSymbols(target, addon));
    console.log(tryLoad(target, addon));`,
    [target, join(folder, 'mq_native.node')],
  );
}

test('the trial of a prebuilt addon in Node.js knows the calls of the addon', async (t) => {
  const addon = join(root, 'packages', 'mq-native', 'build', 'mq_native.node');
  const { code, stdout, stderr } = await runNode(t, [join(tools, 'use-addon.js'), addon]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /which sent, received, waited and cancelled, also in a slot\n$/);
});

test(
  'the addon for musl is compiled, asks for nothing that musl has not, and waits without Node.js',
  { skip: process.arch === 'x64' ? muslMissing : 'it is made on x64' },
  async (t) => {
    const { code, stdout, stderr } = await compileAndTry(t, 'linux-x64-musl');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /every symbol is in musl\n.*driven by musl's own loader .* 0 and 0 lost\n$/);
  },
);

test(
  'the addon for glibc is compiled, asks for nothing newer than glibc 2.17, and is used by Node.js',
  {
    skip: own === 'linux-x64-glibc' ? skipWithoutCommands('gcc', 'readelf') : 'it is made on x64, with glibc',
  },
  async (t) => {
    const { code, stdout, stderr } = await compileAndTry(t, 'linux-x64-glibc');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /glibc 2\.17 or newer\n.*, also in a slot\n$/);
  },
);
