import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root, runNode, startNode } from '../helpers/node.js';
import { freshKey } from '../helpers/keys.js';
import { run } from '../helpers/process.js';
import { install, packAll, packages, packDependencies, Scratch, type Packed } from './project.js';

const consumer = `
import { ftok, IpcError, MessageQueue, type Message, type QueueEntry } from '@timeq/mq-native';
import { asctime } from '@timeq/time-protocol';
import { TimeServer } from '@timeq/time-server';
import { TimeClient } from '@timeq/time-client';
import { judge } from '@timeq/ipctools';

export async function use(queue: MessageQueue, signal: AbortSignal): Promise<Message | undefined> {
  await queue.send(2n ** 40n, 'hello', { signal, timeout: 10 });
  for await (const { type, body } of queue.messages({ type: 5 })) console.log(type, body.length);
  // @ts-expect-error: a key is a number
  MessageQueue.open('0x80');
  return queue.tryReceive({ except: 3 });
}
const entries: QueueEntry[] = MessageQueue.list();
const known = [ftok, IpcError, asctime, TimeServer, TimeClient, judge].every((each) => typeof each === 'function');
if (known && entries.length >= 0) console.log('typed');
`;

function compilerOptions(module: string): object {
  return {
    compilerOptions: {
      module,
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
    },
    include: ['*.mts', '*.cts'],
  };
}

/** The files of a package that a file imports, itself or by others. */
function reachedFrom(file: string, reached = new Set<string>()): Set<string> {
  if (reached.has(file)) return reached;
  reached.add(file);
  const end = file.endsWith('.d.ts') ? '.d.ts' : '.js';
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(
    /\b(?:from|import)[ (]["'](\.[^"']+)["']/g,
  )) {
    reachedFrom(join(dirname(file), path).replace(/\.js$/, end), reached);
  }
  return reached;
}

/** The modules that others import a package by. */
function entriesOf(folder: string): string[] {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { default: string }>;
  };
  return Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [] : [entry.default]));
}

describe('the packages as they are published', () => {
  const scratch = new Scratch();
  let dependencies: Packed[];
  let packed: Packed[];
  let project: string;

  before(() => {
    dependencies = packDependencies(scratch);
    packed = packAll(scratch, { prebuilt: true });
    project = install(scratch, 'project', [...packed, ...dependencies]);
  });
  after(() => {
    scratch.remove();
  });

  it('hold what is needed and nothing else', () => {
    const allowed = /^(package\.json|README\.md|LICENSE|dist\/.*\.(js|d\.ts))$/;
    const command =
      /^(bin\/([\w-]+\.js|package\.json)|build\/([\w-]+\.cjs|LICENCES\.txt|man\/[\w-]+\.1|page\/[\w.]+)|man\/timeq\.7)$/;
    const commands = ['@timeq/time-server', '@timeq/time-client', '@timeq/ipctools', '@timeq/bridge'];
    const native = /^(native\/\w+\.[ch]|scripts\/[\w-]+\.js|prebuilds\/[\w-]+\/mq_native\.node)$/;
    for (const { name, files } of packed) {
      const strangers = files.filter(
        (file) =>
          !allowed.test(file) &&
          !(name === '@timeq/mq-native' && native.test(file)) &&
          !(commands.includes(name) && command.test(file)),
      );
      assert.deepEqual(strangers, [], name);
      for (const file of ['README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts']) {
        assert.ok(files.includes(file), `${name} has no ${file}`);
      }
    }
  });

  it('hold no module that cannot be imported, and few: Node takes a millisecond to find and read each', () => {
    for (const { name, files } of packed) {
      const folder = join(project, 'node_modules', ...name.split('/'));
      const reached = new Set<string>();
      for (const entry of entriesOf(folder)) {
        reachedFrom(join(folder, entry), reached);
        reachedFrom(join(folder, entry.replace(/\.js$/, '.d.ts')), reached);
      }
      const held = files.filter((file) => file.startsWith('dist/'));
      assert.deepEqual(
        held.filter((file) => !reached.has(join(folder, file))),
        [],
      );
      const modules = held.filter((file) => file.endsWith('.js'));
      assert.ok(modules.length <= 5, `${name} has ${modules.length} modules`);
    }
  });

  it('ask for nothing but one another and what npm has', () => {
    for (const { name, files } of packed) {
      const folder = join(project, 'node_modules', ...name.split('/'));
      const modules = files.filter((file) => /^(dist|build)\/.*\.(c?js|d\.ts)$/.test(file));
      const strangers = modules.filter((file) =>
        /(from|import|require)[ (]*["']@timeq\/cli-kit/.test(readFileSync(join(folder, file), 'utf8')),
      );
      assert.deepEqual(strangers, [], `${name}: what the commands share is published nowhere`);
    }
  });

  it('come with the licence of everything that is bundled', () => {
    for (const [name, bundled] of [
      ['time-server', ['commander']],
      ['time-client', ['commander']],
      ['ipctools', ['cli-table3', 'commander', 'prom-client', 'string-width']],
    ] as const) {
      const text = readFileSync(join(project, 'node_modules/@timeq', name, 'build/LICENCES.txt'), 'utf8');
      for (const each of bundled) assert.match(text, new RegExp(`^${each} \\d`, 'm'), name);
      assert.match(text, /Copyright \(c\) 2011 TJ Holowaychuk/);
    }
  });

  for (const name of packages) {
    it(`${name} can be imported and required without its addon being built`, async (t) => {
      const imported = await runNode(
        t,
        ['--input-type=module', '-e', `console.log(Object.keys(await import('@timeq/${name}')).length > 0)`],
        { cwd: project },
      );
      assert.deepEqual([imported.stdout, imported.stderr, imported.code], ['true\n', '', 0]);

      const required = await runNode(
        t,
        ['--input-type=commonjs', '-e', `console.log(Object.keys(require('@timeq/${name}')).length > 0)`],
        { cwd: project },
      );
      assert.deepEqual([required.stdout, required.code], ['true\n', 0]);
      // Node 20 and 22 say that require() of an ES module is new.
      assert.match(
        required.stderr,
        /^(\(node:\d+\) ExperimentalWarning: .*require\(\).*\n\(Use `node .*\n)?$/,
      );
    });
  }

  it('send and receive in a project that has nothing but them', async (t) => {
    const source = `
      const { MessageQueue } = require('@timeq/mq-native');
      const queue = MessageQueue.createPrivate();
      queue.send(5, 'hello').then(() => queue.receive()).then(({ type, body }) => {
        queue.remove();
        console.log(type, body.toString());
      });`;
    const { stdout, code } = await runNode(t, ['--input-type=commonjs', '-e', source], { cwd: project });
    assert.deepEqual([stdout, code], ['5 hello\n', 0]);
  });

  for (const module of ['node16', 'nodenext']) {
    it(`type-check in a strict project with "module": "${module}"`, async (t) => {
      const folder = join(project, module);
      mkdirSync(folder);
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(compilerOptions(module)));
      writeFileSync(join(folder, 'consumer.mts'), consumer);
      // TypeScript knows that Node can require an ES module in "nodenext" only.
      if (module === 'nodenext') writeFileSync(join(folder, 'required.cts'), consumer);
      const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
      const { stdout, code } = await runNode(t, [tsc, '-p', folder], { cwd: folder });
      assert.deepEqual([stdout, code], ['', 0]);
      assert.equal((await runNode(t, [join(folder, 'consumer.mjs')])).stdout, 'typed\n');
    });
  }

  it('have commands that work where they are installed', async (t) => {
    const key = freshKey(t);
    const command = (name: string): string => join(project, 'node_modules', '.bin', name);
    const server = startNode(t, [command('time-server'), '--key', String(key)], { cwd: project });
    await server.waitFor('listening');
    const answer = await run(t, command('time-client'), ['now', '--key', String(key), '--format', 'unix']);
    assert.match(answer.stdout, /^\d+\n$/);
    const list = await run(t, command('ipctools'), ['list', '--json']);
    assert.ok(list.stdout.includes(String(key)), list.stderr);
    assert.equal((await run(t, command('time-client'), ['stop', '--key', String(key)])).code, 0);
    assert.equal((await server.exit()).code, 0);
  });

  it('say how to build the addon where none came with the package, and build it', async (t) => {
    const bare = install(scratch, 'bare', [...packAll(scratch, { prebuilt: false }), ...dependencies]);
    const load = ['--input-type=module', '-e', "await import('@timeq/mq-native'); console.log('loaded')"];
    const first = await runNode(t, load, { cwd: bare });
    const script = /run "node (.*build-native\.js)"/.exec(first.stderr)?.[1];
    assert.equal(script, join(bare, 'node_modules', '@timeq', 'mq-native', 'scripts', 'build-native.js'));
    const built = await runNode(t, [script], { cwd: bare });
    assert.deepEqual([built.stderr, built.code], ['', 0]);
    assert.equal((await runNode(t, load, { cwd: bare })).stdout, 'loaded\n');
  });

  it('all have the version of the changelog', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    for (const { path } of packed) assert.ok(path.endsWith(`-${version}.tgz`), path);
  });
});
