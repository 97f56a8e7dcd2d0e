// Packs every package as it is published, with its library bundled: "node scripts/pack.js" says how large each is,
// "--output DIR" keeps the tarballs, "--check" has publint and arethetypeswrong look at them (npx fetches both).
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { published } from './published.js';
import { root } from './prebuild/paths.js';

const checkers = [
  { name: 'publint', package: 'publint@0.3', arguments: ['--strict'] },
  // Only for ES modules: require() of one works in every Node.js that the packages accept.
  { name: 'attw', package: '@arethetypeswrong/cli@0.18', arguments: ['--profile', 'esm-only'] },
];

/** @returns the output */
function run(command, words) {
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function packAll(staging, output) {
  const folders = published.map(({ folder }) => {
    const copy = join(staging, folder);
    cpSync(join(root, folder), copy, { recursive: true });
    return copy;
  });
  run(process.execPath, [join(root, 'scripts', 'bundle-library.js'), ...folders]);
  const options = ['pack', '--json', '--ignore-scripts', '--pack-destination', output];
  return Object.values(JSON.parse(run('npm', [...options, ...folders])));
}

function passes(checker, tarball) {
  const command = [
    '--yes',
    `--package=${checker.package}`,
    '--',
    checker.name,
    tarball,
    ...checker.arguments,
  ];
  return spawnSync('npx', command, { stdio: 'inherit' }).status === 0;
}

function main() {
  const { values } = parseArgs({ options: { output: { type: 'string' }, check: { type: 'boolean' } } });
  const staging = mkdtempSync(join(tmpdir(), 'timeq-pack-'));
  const output = resolve(values.output ?? staging);
  mkdirSync(output, { recursive: true });
  try {
    for (const { name, filename, size, unpackedSize, entryCount } of packAll(staging, output)) {
      console.log(`${name}: ${entryCount} files, ${size} bytes packed, ${unpackedSize} bytes unpacked`);
      if (!values.check) continue;
      const unhappy = checkers.filter((checker) => !passes(checker, join(output, filename)));
      if (unhappy.length > 0) process.exitCode = 1;
    }
  } finally {
    rmSync(staging, { recursive: true });
  }
}

main();
