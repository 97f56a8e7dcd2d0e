// Packs every package as it would be published: "node scripts/pack.js" says how large each is, "--output DIR" keeps the
// tarballs, "--check" has publint and arethetypeswrong look at them (npx fetches both).
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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

function packAll(output) {
  const options = ['pack', '--json', '--ignore-scripts', '--pack-destination', output];
  const { status, stdout, stderr } = spawnSync(
    'npm',
    [...options, ...published.flatMap(({ folder }) => ['--workspace', folder])],
    { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  if (status !== 0) throw new Error(stderr);
  return Object.values(JSON.parse(stdout));
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
  const output = resolve(values.output ?? mkdtempSync(join(tmpdir(), 'timeq-pack-')));
  mkdirSync(output, { recursive: true });
  try {
    for (const { name, filename, size, unpackedSize, entryCount } of packAll(output)) {
      console.log(`${name}: ${entryCount} files, ${size} bytes packed, ${unpackedSize} bytes unpacked`);
      if (!values.check) continue;
      const unhappy = checkers.filter((checker) => !passes(checker, join(output, filename)));
      if (unhappy.length > 0) process.exitCode = 1;
    }
  } finally {
    if (values.output === undefined) rmSync(output, { recursive: true });
  }
}

main();
