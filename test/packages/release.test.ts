import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../helpers/folder.js';
import { root, runNode, specifier } from '../helpers/node.js';
import { packages } from './project.js';

interface Manifest {
  sources: string;
  targets: Record<string, { bytes: number; sha256: string }>;
}

const targets = ['linux-x64-glibc', 'linux-arm64-glibc', 'linux-x64-musl', 'linux-arm64-musl'];

/** A checkout that is ready to be released, except that its addons are no addons. */
async function readyCheckout(t: TestContext): Promise<{ folder: string; prebuilds: string }> {
  const folder = temporaryFolder(t);
  const keep = (path: string): boolean =>
    !/\/(node_modules|prebuilds|mq-native\/build|dist\/.+\/.+)$/.test(path);
  for (const name of [
    'package.json',
    'scripts',
    'packages/cli-kit',
    'packages/console',
    ...packages.map((each) => join('packages', each)),
  ]) {
    cpSync(join(root, name), join(folder, name), { recursive: true, filter: keep });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const name of packages) {
    const path = join(folder, 'packages', name, 'package.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify({ ...manifest, repository: 'github:example/timeq' }));
  }
  const prebuilds = join(folder, 'packages', 'mq-native', 'prebuilds');
  for (const target of targets) {
    mkdirSync(join(prebuilds, target), { recursive: true });
    writeFileSync(join(prebuilds, target, 'mq_native.node'), target);
  }
  await writeManifest(t, folder, prebuilds);
  return { folder, prebuilds };
}

/** As scripts/prebuild.js writes it. */
async function writeManifest(t: TestContext, folder: string, prebuilds: string): Promise<void> {
  const source = `
    import { recordOf, sourcesHash } from ${specifier(join(folder, 'scripts/prebuild/manifest.js'))};
    import { addonOf } from ${specifier(join(folder, 'scripts/prebuild/paths.js'))};
    const targets = Object.fromEntries(process.argv.slice(1).map((name) => [name, recordOf(addonOf(name))]));
    console.log(JSON.stringify({ sources: sourcesHash(), targets }));`;
  const { stdout } = await runNode(t, ['--input-type=module', '-e', source, '--', ...targets]);
  writeFileSync(join(prebuilds, 'manifest.json'), stdout);
}

async function check(t: TestContext, folder: string): Promise<{ code: number | null; problems: string[] }> {
  const { code, stderr } = await runNode(t, [join(folder, 'scripts', 'check-release.js')]);
  return { code, problems: stderr.split('\n').filter((line) => line !== '') };
}

test('a release with every prebuilt addon goes ahead', async (t) => {
  const { folder } = await readyCheckout(t);
  assert.deepEqual(await check(t, folder), { code: 0, problems: [] });
});

test('a release is refused when the addon of one target is missing', async (t) => {
  const { folder, prebuilds } = await readyCheckout(t);
  rmSync(join(prebuilds, 'linux-arm64-musl'), { recursive: true });
  const { code, problems } = await check(t, folder);
  assert.equal(code, 1);
  assert.deepEqual(problems, [
    'check-release: The addon for linux-arm64-musl is missing: run "npm run prebuilds"',
  ]);
});

test('a release is refused when the C sources have changed since the addons were built', async (t) => {
  const { folder, prebuilds } = await readyCheckout(t);
  const path = join(prebuilds, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  writeFileSync(path, JSON.stringify({ ...manifest, sources: '0'.repeat(64) }));
  assert.match((await check(t, folder)).problems[0] ?? '', /of other C sources/);
});

test('a release is refused when an addon is not the one that was checked', async (t) => {
  const { folder, prebuilds } = await readyCheckout(t);
  writeFileSync(join(prebuilds, 'linux-x64-glibc', 'mq_native.node'), 'another');
  assert.match((await check(t, folder)).problems[0] ?? '', /linux-x64-glibc is not the one/);
});

test('a release is refused when a command is not bundled', async (t) => {
  const { folder } = await readyCheckout(t);
  rmSync(join(folder, 'packages', 'ipctools', 'build', 'main.cjs'));
  assert.deepEqual((await check(t, folder)).problems, [
    'check-release: @timeq/ipctools has no build/main.cjs',
  ]);
});

test('a release is refused when the packages do not have one version', async (t) => {
  const { folder } = await readyCheckout(t);
  const path = join(folder, 'packages', 'time-server', 'package.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"version":"', '"version":"9'));
  const { code, problems } = await check(t, folder);
  assert.equal(code, 1);
  assert.match(problems[0] ?? '', /@timeq\/time-server has version 9/);
});

test('a release is refused when a package does not say where its sources are', async (t) => {
  const { folder } = await readyCheckout(t);
  const path = join(folder, 'packages', 'ipctools', 'package.json');
  const { repository: _repository, ...rest } = JSON.parse(readFileSync(path, 'utf8')) as {
    repository: string;
  };
  writeFileSync(path, JSON.stringify(rest));
  assert.deepEqual(await check(t, folder), {
    code: 1,
    problems: [
      'check-release: @timeq/ipctools has no "repository" in its package.json, which provenance needs',
    ],
  });
});

test('every package has the release checked before it is published', () => {
  for (const name of packages) {
    const text = readFileSync(join(root, 'packages', name, 'package.json'), 'utf8');
    const { scripts } = JSON.parse(text) as { scripts: Record<string, string> };
    assert.deepEqual(scripts, { prepublishOnly: 'node ../../scripts/check-release.js' });
  }
});

test('a release publishes the tarball of every package, after those of the packages that it depends on', () => {
  const workflow = readFileSync(join(root, '.github', 'workflows', 'release.yml'), 'utf8');
  const names = /for name in (.*); do/.exec(workflow)?.[1]?.split(' ') ?? [];
  assert.deepEqual(names.toSorted(), packages.toSorted());
  for (const [index, name] of names.entries()) {
    const text = readFileSync(join(root, 'packages', name, 'package.json'), 'utf8');
    const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> };
    const own = Object.keys(dependencies).flatMap((each) => /^@timeq\/(.*)/.exec(each)?.[1] ?? []);
    assert.deepEqual(
      own.filter((each) => !names.slice(0, index).includes(each)),
      [],
      name,
    );
  }
  assert.match(workflow, /pack\.js --check --output packed\n/);
  assert.match(workflow, /npm publish .* "\.\/packed\/timeq-\$name-\$version\.tgz"\n/);
});
