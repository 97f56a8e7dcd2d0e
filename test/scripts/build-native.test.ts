import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../helpers/folder.js';
import { root, runNode, startSnippet } from '../helpers/node.js';
import type { Exit, StartOptions } from '../helpers/process.js';
import { trivialAddon, write } from './checkout.js';

const script = join(root, 'packages/mq-native/scripts/build-native.js');

function trivialSources(t: TestContext): { folder: string; source: string; output: string } {
  const folder = temporaryFolder(t);
  write(folder, 'native/trivial.c', trivialAddon);
  return { folder, source: join(folder, 'native'), output: join(folder, 'build', 'trivial.node') };
}

async function build(
  t: TestContext,
  { source, output }: { source: string; output: string },
  env: StartOptions['env'] = {},
): Promise<Exit> {
  const options = { env: { CC: undefined, CFLAGS: undefined, ...env } };
  return runNode(t, [script, '--source', source, '--output', output], options);
}

async function answerOf(t: TestContext, output: string): Promise<string> {
  const { stdout, stderr } = await runNode(t, ['-p', `require(${JSON.stringify(output)}).answer`]);
  assert.equal(stderr, '');
  return stdout.trim();
}

test('an addon is built and leaves nothing else behind', async (t) => {
  const sources = trivialSources(t);
  assert.deepEqual(await build(t, sources), { code: 0, signal: null, stdout: '', stderr: '' });
  assert.equal(await answerOf(t, sources.output), '42');
  assert.deepEqual(readdirSync(join(sources.folder, 'build')), ['trivial.node']);
});

test('CFLAGS comes after the addon’s own options', async (t) => {
  const sources = trivialSources(t);
  assert.equal((await build(t, sources, { CFLAGS: ' -DANSWER=43  -O1 ' })).code, 0);
  assert.equal(await answerOf(t, sources.output), '43');
});

test('CC may be a command with arguments', async (t) => {
  const sources = trivialSources(t);
  assert.equal((await build(t, sources, { CC: 'cc -DANSWER=44' })).code, 0);
  assert.equal(await answerOf(t, sources.output), '44');
});

test('a CC that is not there is told in one sentence', async (t) => {
  const sources = trivialSources(t);
  const { code, stderr } = await build(t, sources, { CC: 'no-such-compiler -O3' });
  assert.equal(code, 1);
  assert.match(stderr, /^CC is set to "no-such-compiler -O3" and there is no such command: [^\n]+\n$/);
});

test('without CC the first of cc, gcc and clang on the PATH is taken', async (t) => {
  const sources = trivialSources(t);
  const { stdout } = await runNode(t, ['-p', 'process.env.PATH']);
  const compiler = stdout
    .trim()
    .split(':')
    .map((folder) => join(folder, 'cc'))
    .find((path) => existsSync(path));
  assert.ok(compiler);
  const tools = temporaryFolder(t);
  // The compiler finds its assembler and linker by the PATH, so the others stay on it, behind.
  mkdirSync(join(tools, 'bin'));
  symlinkSync(compiler, join(tools, 'bin', 'clang'));
  const without = await build(t, sources, { PATH: tools });
  assert.equal(without.code, 1);
  assert.match(
    without.stderr,
    /^Timeq needs a C compiler to build its addon and found none: install [^\n]+\n$/,
  );
  const withClang = await build(t, sources, { PATH: join(tools, 'bin') });
  assert.doesNotMatch(withClang.stderr, /found none/);
});

test('a compiler’s error is shown, and then one sentence; the former addon stays', async (t) => {
  const sources = trivialSources(t);
  await build(t, sources);
  write(sources.source, 'wrong.c', 'int wrong(void) { return nothing; }\n');
  const { code, stderr } = await build(t, sources);
  assert.equal(code, 1);
  assert.match(stderr, /wrong\.c:1/);
  assert.match(stderr, /\nThe addon was not built: cc failed with exit code 1; its messages are above\n$/);
  assert.equal(await answerOf(t, sources.output), '42');
  assert.deepEqual(readdirSync(join(sources.folder, 'build')), ['trivial.node']);
});

test('a process that has the addon loaded goes on while it is built anew', async (t) => {
  const sources = trivialSources(t);
  await build(t, sources);
  const user = startSnippet(
    t,
    `import { createRequire } from 'node:module';
    const { answer } = createRequire(import.meta.url)(process.argv[1]);
    console.log('loaded');
    process.stdin.resume().on('end', () => console.log(answer));`,
    [sources.output],
  );
  await user.waitFor('loaded');
  const before = statSync(sources.output).ino;
  assert.equal((await build(t, sources, { CFLAGS: '-DANSWER=45' })).code, 0);
  assert.notEqual(statSync(sources.output).ino, before);
  user.endInput();
  await user.waitFor('42');
  assert.equal((await user.exit()).code, 0);
});

test('a folder without C sources is told in one sentence', async (t) => {
  const folder = temporaryFolder(t);
  const empty = await build(t, { source: folder, output: join(folder, 'x.node') });
  assert.equal(empty.code, 1);
  assert.match(empty.stderr, /^The addon was not built: there are no C sources in [^\n]+\n$/);
  const missing = await build(t, { source: join(folder, 'none'), output: join(folder, 'x.node') });
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /^The addon's C sources cannot be read: [^\n]+\n$/);
});

test('--help tells what there is, and an unknown option is one sentence', async (t) => {
  const help = await runNode(t, [script, '--help']);
  assert.equal(help.code, 0);
  for (const word of ['--source', '--output', '--werror', 'CC', 'CFLAGS'])
    assert.ok(help.stdout.includes(word), word);
  const unknown = await runNode(t, [script, '--wrong']);
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /^Unknown option '--wrong'[^\n]+\n$/);
});
