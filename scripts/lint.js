// Runs all checks, even after one has failed. --fix fixes what it can in place.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const modules = join(root, 'node_modules');
const fix = process.argv.includes('--fix');

const checks = [
  {
    name: 'oxlint',
    command: process.execPath,
    arguments: [
      join(modules, 'oxlint', 'bin', 'oxlint'),
      '--type-aware',
      '--deny-warnings',
      ...(fix ? ['--fix'] : []),
    ],
  },
  {
    name: 'prettier',
    command: process.execPath,
    arguments: [
      join(modules, 'prettier', 'bin', 'prettier.cjs'),
      ...(fix ? ['--write', '--log-level', 'warn'] : ['--check']),
      '**/*.{ts,js,json,md}',
    ],
  },
  {
    name: 'clang-format',
    command: createRequire(import.meta.url)('clang-format-node').clangFormatPath,
    arguments: [...(fix ? ['-i'] : ['--dry-run', '-Werror']), ...cSources()],
  },
];

function cSources() {
  return ['packages/mq-native/native', 'bench/programs', 'scripts/prebuild', 'test']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)),
    )
    .filter((path) => /\.[ch]$/.test(path));
}

const failed = checks.filter((check) => {
  console.log(`${check.name} ...`);
  const { status, error } = spawnSync(check.command, check.arguments, { cwd: root, stdio: 'inherit' });
  if (error) console.error(`${check.name} could not be started: ${error.message}`);
  return status !== 0;
});

if (failed.length > 0) {
  const names = failed.map((check) => check.name).join(', ');
  console.error(`Failed: ${names}${fix ? '' : ' ("npm run format" puts right what can be put right)'}`);
  process.exitCode = 1;
}
