import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { root, runNode } from '../helpers/node.js';
import { run, type Exit } from '../helpers/process.js';
import { skipWithoutNobody } from '../mq-native/as-nobody.js';
import { Scratch, target } from './project.js';

const source = join(root, 'packages', 'mq-native');
const good = readFileSync(join(source, 'build', 'mq_native.node'));

/** The addon with some of its bytes changed. */
function changed(at: number, ...bytes: number[]): Buffer {
  const copy = Buffer.from(good);
  copy.set(bytes, at);
  return copy;
}

/** A text that is in the addon once, in place of another of the same length. */
function renamed(from: string, to: string): Buffer {
  const at = good.indexOf(`\0${from}\0`);
  assert.ok(at > 0 && from.length === to.length, `the addon has no "${from}"`);
  return changed(at + 1, ...Buffer.from(to));
}

const program =
  "await import('@timeq/mq-native').then(() => console.log('loaded'), (e) => console.log(e.code, e.message));";
const glibc = target.endsWith('-glibc') ? false : 'the messages are those of glibc’s loader';
const mounts =
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', '-o', 'noexec', 'none', tmpdir()]).status === 0
    ? false
    : 'no file system can be mounted here (unshare --mount)';

describe('an addon that does not load is answered with the cause and what to do', () => {
  const scratch = new Scratch();
  const project = scratch.folder('project');
  const home = join(project, 'node_modules', '@timeq', 'mq-native');
  const built = join(home, 'build', 'mq_native.node');
  const shipped = join(home, 'prebuilds', target, 'mq_native.node');
  const build = `node ${join(home, 'scripts', 'build-native.js')}`;
  const couldNot = `ERR_TIMEQ_ADDON @timeq/mq-native could not load ${shipped}: `;

  before(() => {
    cpSync(join(source, 'dist'), join(home, 'dist'), { recursive: true });
    cpSync(join(source, 'package.json'), join(home, 'package.json'));
    chmodSync(scratch.path, 0o755);
  });
  after(() => {
    scratch.remove();
  });

  function put(file: string, content: Buffer | string | undefined): void {
    rmSync(dirname(file), { recursive: true, force: true });
    if (content === undefined) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  async function load(t: TestContext): Promise<readonly [stdout: string, stderr: string]> {
    const { stdout, stderr, signal } = await runNode(t, ['--input-type=module', '-e', program], {
      cwd: project,
    });
    assert.equal(signal, null);
    return [stdout, stderr];
  }

  const damaged = `the file is damaged or was cut short; install the package again, or build it here with "${build}".`;
  const here = `; build it here with "${build}".`;
  for (const { cause, content, answer } of [
    { cause: 'empty', content: '', answer: damaged },
    { cause: 'a page of HTML', content: '<!doctype html>\n'.padEnd(8000), answer: damaged },
    { cause: 'cut in its headers', content: good.subarray(0, 40), answer: damaged },
    // The loader itself ends the process with SIGBUS.
    { cause: 'cut after its headers', content: good.subarray(0, 3000), answer: damaged },
    { cause: 'cut near its end', content: good.subarray(0, -1), answer: damaged },
    {
      cause: 'for another architecture',
      content: changed(18, process.arch === 'arm64' ? 62 : 183),
      answer: `it was built for ${process.arch === 'arm64' ? 'x64' : 'arm64'}, and this is ${process.arch}${here}`,
    },
    {
      cause: 'for 32 bits',
      content: changed(4, 1),
      answer: `it was built for 32 bits, and this is ${process.arch}${here}`,
    },
    {
      cause: 'for musl',
      content: renamed('libc.so.6', 'libc.musl'),
      answer: `it was built for another C library (musl or glibc)${here}`,
    },
    {
      cause: 'for a newer Node-API',
      content: renamed('napi_create_int32', 'napi_create_int99'),
      answer: `it does not fit this program (undefined symbol: napi_create_int99)${here}`,
    },
  ]) {
    it(`one that is ${cause}`, { skip: glibc }, async (t) => {
      put(built, undefined);
      put(shipped, content);
      assert.deepEqual(await load(t), [`${couldNot}${answer}\n`, '']);
    });
  }

  it('one that this user may not read', { skip: skipWithoutNobody }, async (t) => {
    put(built, undefined);
    put(shipped, good);
    chmodSync(shipped, 0o600);
    const become = 'process.setgroups([]); process.setgid(65534); process.setuid(65534);';
    const { stdout } = await runNode(t, ['--input-type=module', '-e', `${become} ${program}`], {
      cwd: project,
    });
    assert.equal(
      stdout,
      `${couldNot}this user may not read it; allow it with "chmod a+r ${shipped}", and a+x for the folders above.\n`,
    );
  });

  it('one on a file system that is mounted noexec', { skip: mounts }, async (t) => {
    put(built, undefined);
    put(shipped, good);
    const script = 'mount -t tmpfs -o noexec none "$1" && cp "$2" "$1" && shift 2 && exec "$@"';
    const folder = dirname(shipped);
    const addon = join(source, 'build', 'mq_native.node');
    const node = [process.execPath, '--input-type=module', '-e', program];
    const { stdout } = await run(
      t,
      'unshare',
      ['--mount', 'sh', '-c', script, 'sh', folder, addon, ...node],
      {
        cwd: project,
      },
    );
    assert.ok(stdout.startsWith(`${couldNot}its file system is mounted noexec, or`), stdout);
    assert.ok(stdout.includes(`"findmnt -T ${shipped}" shows`), stdout);
  });

  it('one whose path has the words of other causes in it', { skip: glibc }, async (t) => {
    const folder = scratch.folder('permission denied, libc.musl, wrong ELF class, file too short');
    const named = join(folder, 'node_modules', '@timeq', 'mq-native');
    cpSync(home, named, { recursive: true });
    put(join(named, 'build', 'mq_native.node'), undefined);
    put(
      join(named, 'prebuilds', target, 'mq_native.node'),
      renamed('napi_create_int32', 'napi_create_int99'),
    );
    const answer = (...options: string[]): Promise<Exit> =>
      runNode(t, [...options, '--input-type=module', '-e', program], { cwd: folder });
    assert.match(
      (await answer()).stdout,
      /does not fit this program \(undefined symbol: napi_create_int99\);/,
    );
    assert.match(
      (await answer('--no-addons')).stdout,
      /native addons are switched off; start Node without --no-addons/,
    );
  });

  it('none that could run in Deno', async (t) => {
    put(built, undefined);
    put(shipped, good);
    const deno =
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, deno: '2.5.0' } });";
    const { stdout } = await runNode(t, ['--input-type=module', '-e', `${deno} ${program}`], {
      cwd: project,
    });
    assert.match(
      stdout,
      /^ERR_TIMEQ_ADDON @timeq\/mq-native does not run in Deno, .*; use Node\.js or Bun\n$/,
    );
  });

  it('none at all', async (t) => {
    put(built, undefined);
    put(shipped, undefined);
    assert.deepEqual(await load(t), [
      `ERR_TIMEQ_ADDON @timeq/mq-native has no addon for ${target} yet: install a C compiler and run "${build}".\n`,
      '',
    ]);
  });

  it('one built here that is bad gives way to the good one of the package, and that is said', async (t) => {
    put(built, good.subarray(0, 3000));
    put(shipped, good);
    const [stdout, stderr] = await load(t);
    assert.equal(stdout, 'loaded\n');
    const said = `@timeq/mq-native uses the addon that came with the package, since ${built} could not be loaded: the file is damaged or was cut short; delete that file, or build it again with "${build}"`;
    assert.equal(stderr.replace(/^\(node:\d+\) /, '').split('\n')[0], `[TIMEQ_ADDON] Warning: ${said}`);
  });

  it('two that are bad are both named', { skip: glibc }, async (t) => {
    put(built, changed(4, 1));
    put(shipped, '');
    const [stdout] = await load(t);
    assert.equal(
      stdout,
      `ERR_TIMEQ_ADDON @timeq/mq-native could not load ${built}: it was built for 32 bits, and this is ${process.arch}, nor ${shipped}: the file is damaged or was cut short${here}\n`,
    );
  });

  for (const [command, ...words] of [
    ['ipctools', 'list'],
    ['ipctools', 'ipcs'],
    ['ipctools', 'ipcrm', '-q', '0'],
    ['ipctools', 'ipcmk', '-Q'],
    ['time-client', 'now'],
    ['time-server'],
  ] as const) {
    it(`${[command, ...words].join(' ')} without an addon says one sentence and ends with exit code 1`, async (t) => {
      put(built, undefined);
      put(shipped, undefined);
      const folder = join(project, 'node_modules', '@timeq', command);
      for (const part of ['bin', 'build', 'package.json']) {
        const from = join(root, 'packages', command, part);
        if (existsSync(from)) cpSync(from, join(folder, part), { recursive: true });
      }
      const file = join(folder, 'bin', `${command}.js`);
      const { stdout, stderr, code } = await runNode(t, [file, ...words], { cwd: project });
      const speaker = words[0]?.startsWith('ipc') ? words[0] : command;
      const sentence = `@timeq/mq-native has no addon for ${target} yet: install a C compiler and run "${build}".`;
      assert.deepEqual([stdout, stderr, code], ['', `${speaker}: ${sentence}\n`, 1]);
      rmSync(home, { recursive: true });
      const bare = await runNode(t, [file, ...words], { cwd: project });
      cpSync(join(source, 'dist'), join(home, 'dist'), { recursive: true });
      cpSync(join(source, 'package.json'), join(home, 'package.json'));
      assert.match(
        bare.stderr,
        new RegExp(`^${speaker}: .* is not installed beside this command: install it again\n$`),
      );
      assert.equal(bare.code, 1);
    });
  }
});
