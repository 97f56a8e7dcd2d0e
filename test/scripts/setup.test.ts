import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../helpers/folder.js';
import { root, runNode, startNode } from '../helpers/node.js';
import { skipWithoutNamespaces, unshare, works } from '../helpers/namespace.js';
import { run, type Exit, type StartOptions } from '../helpers/process.js';
import { smallCheckout, write } from './checkout.js';

const addon = 'packages/mq-native/build/mq_native.node';
const compiled = 'packages/mq-native/dist/index.js';

async function setUp(t: TestContext, folder: string, env: StartOptions['env'] = {}): Promise<Exit> {
  return runNode(t, [join(folder, 'scripts/setup.js')], { env: { CI: undefined, ...env } });
}

/** Runs the set-up in a Node that says something else about itself. */
async function setUpPretending(t: TestContext, property: string, value: string): Promise<Exit> {
  const preload = `Object.defineProperty(process, '${property}', { value: ${value} })`;
  const options = ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
  return runNode(t, [...options, join(smallCheckout(t), 'scripts/setup.js')]);
}

function assertOneSentence({ stdout, stderr }: Exit, pattern: RegExp): void {
  assert.equal(stdout, '');
  assert.match(stderr, /^[^\n]+\n$/);
  assert.match(stderr, pattern);
}

test('the first set-up builds everything and the second one says and does nothing', async (t) => {
  const folder = smallCheckout(t);
  const first = await setUp(t, folder);
  assert.equal(first.code, 0, first.stderr);
  assert.equal(first.stderr, 'Building the addon ...\nCompiling ...\n');
  assert.deepEqual(createRequire(import.meta.url)(join(folder, addon)), { answer: 42 });
  const built = [addon, compiled].map((path) => statSync(join(folder, path)).ctimeMs);

  const second = await setUp(t, folder);
  assert.deepEqual(second, { code: 0, signal: null, stdout: '', stderr: '' });
  assert.deepEqual(
    [addon, compiled].map((path) => statSync(join(folder, path)).ctimeMs),
    built,
  );
});

test('a changed or deleted file is noticed, and only what depends on it is made again', async (t) => {
  const folder = smallCheckout(t);
  await setUp(t, folder);

  write(folder, 'packages/mq-native/src/index.ts', "export const greeting = 'good morning';\n");
  assert.equal((await setUp(t, folder)).stderr, 'Compiling ...\n');
  assert.match(readFileSync(join(folder, compiled), 'utf8'), /good morning/);

  write(folder, 'packages/mq-native/src/more.ts', 'export const more = 1;\n');
  assert.equal((await setUp(t, folder)).stderr, 'Compiling ...\n');
  assert.ok(existsSync(join(folder, 'packages/mq-native/dist/more.js')));

  rmSync(join(folder, 'packages/mq-native/src/more.ts'));
  assert.equal((await setUp(t, folder)).stderr, 'Compiling ...\n');
  assert.deepEqual(
    readdirSync(join(folder, 'packages/mq-native/dist')).filter((name) => name.startsWith('more')),
    [],
  );

  rmSync(join(folder, compiled));
  assert.equal((await setUp(t, folder)).stderr, 'Compiling ...\n');
  assert.ok(existsSync(join(folder, compiled)));

  rmSync(join(folder, 'packages/mq-native/dist'), { recursive: true });
  assert.equal((await setUp(t, folder)).stderr, 'Compiling ...\n');
  assert.ok(existsSync(join(folder, compiled)));

  write(folder, 'packages/mq-native/native/more.h', '#define MORE 1\n');
  assert.equal((await setUp(t, folder)).stderr, 'Building the addon ...\n');

  rmSync(join(folder, addon));
  assert.equal((await setUp(t, folder)).stderr, 'Building the addon ...\n');
  assert.ok(existsSync(join(folder, addon)));

  assert.equal((await setUp(t, folder)).stderr, '');
});

test('a command is bundled, and again when what it is made of has changed or the bundle is gone', async (t) => {
  const folder = smallCheckout(t);
  const home = 'packages/time-server';
  const tell = (text: string): string => `export function main(): string { return '${text}'; }\n`;
  const told = async (): Promise<string> => {
    const call = `console.log(require(${JSON.stringify(join(folder, home, 'build/main.cjs'))}).main())`;
    return (await runNode(t, ['--eval', call])).stdout;
  };
  write(folder, 'tsconfig.json', `{ "files": [], "references": [{ "path": "${home}" }] }\n`);
  for (const name of ['package.json', 'tsconfig.json']) {
    write(folder, join(home, name), readFileSync(join(folder, 'packages/mq-native', name), 'utf8'));
  }
  write(folder, join(home, 'src/cli/main.ts'), tell('hello'));

  assert.match((await setUp(t, folder)).stderr, /\nBundling the commands \.\.\.\n$/);
  assert.equal(await told(), 'hello\n');
  assert.equal((await setUp(t, folder)).stderr, '');

  write(folder, join(home, 'src/cli/main.ts'), tell('good morning … 🌅'));
  assert.equal((await setUp(t, folder)).stderr, 'Compiling ...\nBundling the commands ...\n');
  assert.equal(await told(), 'good morning … 🌅\n');

  rmSync(join(folder, home, 'build'), { recursive: true });
  assert.equal((await setUp(t, folder)).stderr, 'Bundling the commands ...\n');
  assert.equal(await told(), 'good morning … 🌅\n');
});

/** Something in npm's place that notes how it was called. */
function fakeNpm(t: TestContext, code: number): { npm_execpath: string; calls: () => string } {
  const folder = temporaryFolder(t);
  const calls = join(folder, 'calls');
  write(
    folder,
    'npm-cli.cjs',
    `require('node:fs').appendFileSync(${JSON.stringify(calls)}, process.argv.slice(2).join(' ') + '\\n');
    console.log('what npm says');
    process.exitCode = ${code};`,
  );
  return {
    npm_execpath: join(folder, 'npm-cli.cjs'),
    calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8') : ''),
  };
}

/** As far as these tests know it. */
interface NpmRecord {
  readonly packages: Readonly<Record<string, Record<string, unknown>>>;
}

function addToLock(folder: string): void {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  lock.packages['node_modules/another'] = { version: '1.0.0' };
  write(folder, 'package-lock.json', JSON.stringify(lock));
}

test('packages that "npm install" has installed are not installed again', async (t) => {
  const folder = smallCheckout(t);
  const { npm_execpath, calls } = fakeNpm(t, 0);
  await setUp(t, folder, { npm_execpath });
  assert.equal(calls(), '');
});

test('nor where the record that npm keeps has less in it, as that of npm 10, but other versions are installed', async (t) => {
  const folder = smallCheckout(t);
  const { npm_execpath, calls } = fakeNpm(t, 0);
  const path = 'node_modules/.package-lock.json';
  const record = JSON.parse(readFileSync(join(folder, path), 'utf8')) as NpmRecord;
  const packages = Object.values(record.packages);
  for (const each of packages) for (const field of ['libc', 'license', 'engines']) delete each[field];
  rmSync(join(folder, path));
  write(folder, path, JSON.stringify(record));
  await setUp(t, folder, { npm_execpath });
  assert.equal(calls(), '');

  const typescript = record.packages['node_modules/typescript'];
  assert.ok(typescript !== undefined);
  typescript['version'] = '1.0.0';
  write(folder, path, JSON.stringify(record));
  rmSync(join(folder, 'node_modules/.cache'), { recursive: true });
  await setUp(t, folder, { npm_execpath });
  assert.equal(calls(), 'ci\n');
});

test('a changed package-lock.json is installed with "npm ci", once', async (t) => {
  const folder = smallCheckout(t);
  const { npm_execpath, calls } = fakeNpm(t, 0);
  addToLock(folder);
  const first = await setUp(t, folder, { npm_execpath });
  assert.match(first.stderr, /^Installing the dependencies \(npm ci\) \.\.\.\n/);
  assert.doesNotMatch(first.stderr, /what npm says/);
  await setUp(t, folder, { npm_execpath });
  assert.equal(calls(), 'ci\n');
});

test('a checkout without node_modules is installed', async (t) => {
  const folder = smallCheckout(t);
  const { npm_execpath, calls } = fakeNpm(t, 1);
  rmSync(join(folder, 'node_modules'), { recursive: true });
  await setUp(t, folder, { npm_execpath });
  assert.equal(calls(), 'ci\n');
});

test('a step that fails shows its output, is named, stops the set-up, and is done again next time', async (t) => {
  const folder = smallCheckout(t);
  const { npm_execpath } = fakeNpm(t, 1);
  addToLock(folder);
  for (let time = 1; time <= 2; time++) {
    const { code, stderr } = await setUp(t, folder, { npm_execpath });
    assert.equal(code, 1);
    assert.equal(
      stderr,
      'Installing the dependencies (npm ci) ...\nwhat npm says\n' +
        'The set-up stopped at "Installing the dependencies (npm ci)": the command failed with exit code 1\n',
    );
  }
});

test('an error in the C code or in the TypeScript is shown where it is', async (t) => {
  const folder = smallCheckout(t);
  write(folder, 'packages/mq-native/native/wrong.c', 'int wrong(void) { return nothing; }\n');
  const native = await setUp(t, folder);
  assert.equal(native.code, 1);
  assert.match(native.stderr, /wrong\.c:1.*nothing/);
  assert.match(native.stderr, /The set-up stopped at "Building the addon"/);

  rmSync(join(folder, 'packages/mq-native/native/wrong.c'));
  write(folder, 'packages/mq-native/src/wrong.ts', "export const wrong: number = 'text';\n");
  for (let time = 1; time <= 2; time++) {
    const script = await setUp(t, folder);
    assert.equal(script.code, 1);
    assert.match(script.stderr, /src\/wrong\.ts.*TS2322/);
    assert.match(script.stderr, /The set-up stopped at "Compiling"/);
  }
});

test('a compiler’s warning is shown, and stops the set-up only where CI is set', async (t) => {
  const folder = smallCheckout(t);
  write(folder, 'packages/mq-native/native/loose.c', 'int loose(int unused) { return 0; }\n');
  const user = await setUp(t, folder);
  assert.equal(user.code, 0, user.stderr);
  assert.match(user.stderr, /loose\.c:1.*unused parameter/);
  const project = await setUp(t, folder, { CI: 'true' });
  assert.equal(project.code, 1);
  assert.match(project.stderr, /loose\.c:1.*unused parameter/);
});

test('a Node that is too old is told so in one sentence', async (t) => {
  for (const version of ['8.17.0', '18.20.8', '20.18.3']) {
    const exit = await setUpPretending(t, 'versions', `{ ...process.versions, node: '${version}' }`);
    assert.equal(exit.code, 1);
    assertOneSentence(exit, new RegExp(`needs Node.js 20.19.0 or newer and this is ${version}: install one`));
  }
});

test('the file that looks at the version of Node has nothing in it that an old one cannot parse', () => {
  const text = readFileSync(join(root, 'scripts/setup.js'), 'utf8').replace(/\/\/.*$/gm, '');
  assert.doesNotMatch(
    text,
    /\b(const|let|class|async|await)\b|=>|`|\?\.|\?\?|^\s*(import|export)\s*[{*'"a-z]/m,
  );
});

test('a platform without System V IPC, or of 32 bits, is told so in one sentence', async (t) => {
  const windows = await setUpPretending(t, 'platform', "'win32'");
  assert.equal(windows.code, 1);
  assertOneSentence(windows, /needs System V IPC and win32 has none: run it on Linux/);
  const narrow = await setUpPretending(t, 'arch', "'arm'");
  assert.equal(narrow.code, 1);
  assertOneSentence(narrow, /needs a 64-bit Node.js and this one is built for arm: install/);
});

test('a missing C compiler is told in one sentence, before anything is installed', async (t) => {
  const folder = smallCheckout(t);
  const { npm_execpath, calls } = fakeNpm(t, 0);
  addToLock(folder);
  const exit = await setUp(t, folder, { npm_execpath, PATH: temporaryFolder(t), CC: undefined });
  assert.equal(exit.code, 1);
  assertOneSentence(exit, /needs a C compiler to build its addon and found none: install one/);
  assert.equal(calls(), '');
});

test('no C compiler is needed once the addon is built', async (t) => {
  const folder = smallCheckout(t);
  await setUp(t, folder);
  const exit = await setUp(t, folder, { PATH: temporaryFolder(t) });
  assert.deepEqual(exit, { code: 0, signal: null, stdout: '', stderr: '' });
});

const skipWithoutReadOnly =
  skipWithoutNamespaces() || (works(readOnly('/', 'true')) ? false : 'nothing can be mounted read-only here');

function readOnly(folder: string, ...command: string[]): string[] {
  const script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"';
  return [...unshare('--mount'), 'sh', '-c', script, folder, ...command];
}

test(
  'a checkout that can’t be written is used as it is, or is said to be out of date',
  { skip: skipWithoutReadOnly },
  async (t) => {
    const folder = smallCheckout(t);
    await setUp(t, folder);
    const [command = '', ...words] = readOnly(folder, process.execPath, join(folder, 'scripts/setup.js'));
    assert.deepEqual(await run(t, command, words, { env: { CI: undefined } }), {
      code: 0,
      signal: null,
      stdout: '',
      stderr: '',
    });
    write(folder, 'packages/mq-native/src/index.ts', "export const greeting = 'good morning';\n");
    const exit = await run(t, command, words, { env: { CI: undefined } });
    assertOneSentence(exit, /not up to date and can not be written \(EROFS\): .*"npm run setup"/);
    assert.equal(exit.code, 1);
  },
);

test('of several set-ups at the same time one does the work and the others wait for it', async (t) => {
  const folder = smallCheckout(t);
  const all = Array.from({ length: 4 }, () =>
    startNode(t, [join(folder, 'scripts/setup.js')], { input: '' }),
  );
  const exits = await Promise.all(all.map((one) => one.exit()));
  assert.deepEqual(
    exits.map(({ code }) => code),
    [0, 0, 0, 0],
  );
  const output = exits.map(({ stderr }) => stderr).join('');
  assert.equal(output.match(/Building the addon/g)?.length, 1, output);
  assert.equal(output.match(/Compiling/g)?.length, 1, output);
  assert.deepEqual(createRequire(import.meta.url)(join(folder, addon)), { answer: 42 });
});
